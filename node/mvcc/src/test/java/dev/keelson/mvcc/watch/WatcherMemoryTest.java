package dev.keelson.mvcc.watch;

import static dev.keelson.mvcc.watch.WatchedStore.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.ref.Reference;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;

/** What a watcher occupies beside its stream, measured on so many that nothing else counts. */
class WatcherMemoryTest {

    private static final int WATCHERS = 100_000;
    private static final int ROUNDS = 3;
    private static final int COLLECTIONS = 3;

    /** A client that is told and keeps nothing. */
    private static final class QuietSink implements WatchSink {

        @Override
        public boolean hasRoom() {
            return true;
        }

        @Override
        public void created(long watchId, long revision) {}

        @Override
        public void refused(String reason, long revision) {
            throw new AssertionError(reason);
        }

        @Override
        public void events(long watchId, EventList events, long revision) {}

        @Override
        public void progress(long watchId, long revision) {}

        @Override
        public void canceled(long watchId, long revision) {}

        @Override
        public void compacted(long watchId, long compactRevision) {}
    }

    /**
     * Measured by what is given back: what others leave behind while watchers are made would blur a sum of theirs. The
     * least of some rounds: what tests before this one held may be given back in between, too, but once.
     */
    private static long bytesForEach(IntFunction<WatchRequest> request) {
        long least = Long.MAX_VALUE;
        for (int round = 0; round < ROUNDS; round++) {
            long full = usedBytesWith(request);
            least = Math.min(least, (full - usedBytes()) / WATCHERS);
        }
        return least;
    }

    private static long usedBytesWith(IntFunction<WatchRequest> request) {
        var world = new WatchedStore(WatchLimits.DEFAULTS);
        WatcherStream stream = world.open(new QuietSink());
        for (int i = 0; i < WATCHERS; i++) {
            world.create(stream, request.apply(i));
        }
        long used = usedBytes();
        assertThat(world.hub.counts().watchers()).isEqualTo(WATCHERS);
        Reference.reachabilityFence(world);
        return used;
    }

    private static long usedBytes() {
        Runtime runtime = Runtime.getRuntime();
        for (int i = 0; i < COLLECTIONS; i++) {
            System.gc();
        }
        return runtime.totalMemory() - runtime.freeMemory();
    }

    private static WatchRequest request(String key, String end) {
        return new WatchRequest(0, bytes(key), bytes(end), 0, false, false, false, false, false);
    }

    @Test
    void manyOfOneKeyShareAllButTheirCursors() {
        assertThat(bytesForEach(i -> request("/registry/pods/default/pod-00000000", "")))
                .isBetween(40L, 160L);
    }

    @Test
    void manyOfDifferentKeysStayWithinTheirBound() {
        assertThat(bytesForEach(i -> request("/registry/pods/default/pod-%08d".formatted(i), "")))
                .isBetween(40L, 350L);
    }

    @Test
    void manyOfDifferentRangesStayWithinTheirBound() {
        assertThat(bytesForEach(i -> request(
                        "/registry/pods/default/pod-%08d".formatted(i),
                        "/registry/pods/default/pod-%08d".formatted(i + 2))))
                .isBetween(40L, 350L);
    }
}
