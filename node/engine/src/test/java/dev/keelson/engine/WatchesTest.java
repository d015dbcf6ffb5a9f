package dev.keelson.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keelson.engine.maintenance.MaintenanceConfig;
import dev.keelson.engine.watch.Watches;
import dev.keelson.mvcc.MvccStore;
import dev.keelson.mvcc.PutRequest;
import dev.keelson.mvcc.StoreBatch;
import dev.keelson.mvcc.backend.InMemoryBackend;
import dev.keelson.mvcc.watch.EventList;
import dev.keelson.mvcc.watch.WatchCounts;
import dev.keelson.mvcc.watch.WatchLimits;
import dev.keelson.mvcc.watch.WatchRequest;
import dev.keelson.mvcc.watch.WatchSink;
import dev.keelson.mvcc.watch.WatchStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The way of changes from the apply worker to those who watch, and that it neither piles up nor loses anything. */
class WatchesTest {

    private static final int UNITS_MAX = 10_000;
    private static final byte[] KEY = {'k'};
    private static final byte[] NONE = {};
    private static final byte[] LARGE = new byte[1 << 20];

    private final Deque<Runnable> units = new ArrayDeque<>();
    private final InMemoryBackend backend = new InMemoryBackend();
    private final StoreGate gate = new StoreGate(MvccStore.open(backend));
    private final List<Throwable> failures = new ArrayList<>();
    private final Watches watches = new Watches(
            new EngineConfig(
                    1,
                    1,
                    "m1",
                    List.of(),
                    List.of(),
                    "3.7.0",
                    new EngineConfig.Timing(100, 10, 1, 70, 10, NodeLimits.LEASE_CHECKPOINT_MILLIS),
                    new EngineConfig.LogRetention(1, 1),
                    EngineConfig.Reconfiguration.DEFAULT,
                    MaintenanceConfig.DEFAULT,
                    WatchLimits.DEFAULTS,
                    1,
                    1),
            gate,
            units::add,
            failures::add);

    /** Writes down the revisions that it hears of. */
    private static class Client implements WatchSink {

        private final List<String> told = new ArrayList<>();
        private boolean hasRoom = true;
        private long lastRevision;

        @Override
        public boolean hasRoom() {
            return hasRoom;
        }

        @Override
        public void created(long watchId, long revision) {
            told.add("created " + revision);
        }

        @Override
        public void refused(String reason, long revision) {
            told.add("refused " + reason);
        }

        @Override
        public void events(long watchId, EventList events, long revision) {
            told.add(events.size() + " events through " + revision);
            lastRevision = revision;
        }

        @Override
        public void progress(long watchId, long revision) {
            told.add("progress " + revision);
        }

        @Override
        public void canceled(long watchId, long revision) {
            told.add("canceled " + revision);
        }

        @Override
        public void compacted(long watchId, long compactRevision) {
            told.add("compacted " + compactRevision);
        }
    }

    private final Client client = new Client();

    private void run() {
        for (int ran = 0; !units.isEmpty(); ran++) {
            assertThat(ran).isLessThan(UNITS_MAX);
            units.poll().run();
        }
        assertThat(failures).isEmpty();
    }

    private void put(byte[] value) {
        StoreBatch batch = gate.store().begin();
        batch.put(PutRequest.of(KEY, value));
        batch.commit();
        watches.changed(batch.revision(), batch.events());
    }

    private static WatchRequest watch(long start) {
        return new WatchRequest(0, KEY, NONE, start, false, false, false, false, false);
    }

    @Test
    void aClientHearsOfWhatWasApplied() {
        WatchStream stream = watches.open(client);
        stream.create(watch(0));
        put(NONE);
        stream.requestProgress();
        stream.cancel(0);
        put(NONE);
        run();
        assertThat(client.told).containsExactly("created 1", "1 events through 2", "progress 2", "canceled 2");
        assertThat(watches.counts()).isEqualTo(new WatchCounts(1, 0, 0, 0, 1));
        stream.close();
        stream.close();
        run();
        assertThat(watches.counts()).isEqualTo(new WatchCounts(0, 0, 0, 0, 1));
    }

    @Test
    void nowIsWhenTheClientAsked() {
        WatchStream stream = watches.open(client);
        put(NONE);
        stream.create(watch(0));
        put(NONE);
        run();
        assertThat(client.told).containsExactly("created 2", "1 events through 3");
    }

    @Test
    void whileNobodyWatchesNothingIsQueuedAndNobodyIsWoken() {
        put(LARGE);
        put(LARGE);
        watches.tick();
        assertThat(units).isEmpty();
        WatchStream stream = watches.open(client);
        stream.create(watch(2));
        stream.create(watch(0));
        run();
        put(NONE);
        run();
        assertThat(client.told)
                .containsSequence("created 3", "created 3")
                .contains("1 events through 2", "1 events through 3")
                .endsWith("1 events through 4", "1 events through 4");
    }

    @Test
    void changesBeyondTheBoundAreReadFromTheHistory() {
        WatchStream stream = watches.open(client);
        stream.create(watch(0));
        run();
        for (int i = 0; i < 40; i++) {
            put(LARGE);
        }
        long last = gate.store().revision();
        stream.requestProgress();
        units.poll().run();
        assertThat(watches.counts().laggingWatchers()).as("reads the history").isEqualTo(1);
        run();
        assertThat(client.told.stream().filter(told -> told.startsWith("1 events")))
                .hasSize(40);
        assertThat(client.lastRevision).isEqualTo(last);
        put(NONE);
        stream.requestProgress();
        run();
        assertThat(client.told).endsWith("1 events through " + (last + 1), "progress " + (last + 1));
    }

    @Test
    void whatComesBehindASkipIsToldOnce() {
        WatchStream stream = watches.open(client);
        stream.create(watch(0));
        run();
        for (int i = 0; i < 60; i++) {
            put(i % 2 == 0 ? LARGE : NONE);
            if (i % 7 == 0) {
                units.poll().run();
            }
        }
        run();
        assertThat(client.told.stream()
                        .filter(told -> told.contains("events"))
                        .mapToInt(told -> Integer.parseInt(told.substring(0, told.indexOf(' '))))
                        .sum())
                .isEqualTo(60);
    }

    @Test
    void theStoreIsNotLookedIntoWhileItIsReplaced() {
        watches.open(client).create(watch(0));
        run();
        put(NONE);
        run();
        gate.close(() -> {});
        var late = new Client();
        watches.open(late).create(watch(1));
        run();
        assertThat(late.told).containsExactly("created 2");

        MvccStore replacement = MvccStore.open(backend.copy());
        StoreBatch further = replacement.begin();
        further.put(PutRequest.of(KEY, NONE));
        further.put(PutRequest.of(KEY, NONE));
        further.commit();
        gate.store().close();
        gate.open(replacement);
        watches.storeReplaced();
        run();
        assertThat(late.told).containsExactly("created 2", "3 events through 4");
        assertThat(client.told).containsExactly("created 1", "1 events through 2", "2 events through 4");
    }

    @Test
    void roomIsLookedAtOnceHoweverOftenItIsAnnounced() {
        WatchStream stream = watches.open(client);
        stream.create(watch(0));
        run();
        client.hasRoom = false;
        put(NONE);
        put(NONE);
        run();
        client.hasRoom = true;
        stream.resume();
        stream.resume();
        assertThat(units).hasSize(1);
        run();
        assertThat(client.told).containsExactly("created 1", "2 events through 3");
    }

    @Test
    void aFailureOfTheWorkerEndsTheNode() {
        WatchStream stream = watches.open(new Client() {
            @Override
            public void created(long watchId, long revision) {
                throw new IllegalStateException("broken");
            }
        });
        stream.create(watch(0));
        units.poll().run();
        assertThat(failures).hasSize(1);
        failures.clear();
        stream.create(watch(0));
        run();
    }
}
