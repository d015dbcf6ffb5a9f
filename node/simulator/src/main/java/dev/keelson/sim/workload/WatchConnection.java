package dev.keelson.sim.workload;

import dev.keelson.mvcc.watch.EventList;
import dev.keelson.mvcc.watch.WatchRequest;
import dev.keelson.mvcc.watch.WatchSink;
import dev.keelson.mvcc.watch.WatchStream;
import dev.keelson.sim.check.HistoryViolation;
import dev.keelson.sim.check.WatchEvent;
import dev.keelson.sim.check.WatchRecord;
import dev.keelson.sim.check.WatchSpec;
import dev.keelson.sim.cluster.SimCluster;
import dev.keelson.sim.cluster.SimMember;
import dev.keelson.sim.world.Goals.Goal;
import dev.keelson.sim.world.World;
import dev.keelson.sim.world.World.Stream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * One stream of watches to one member, with its watchers; it ends with the life of the member.
 *
 * <p>Invariants: the stream answers requests in their order, so the oldest watcher without an id is the one that an
 * answer to a creation speaks of.
 *
 * <p>Thread rule: one thread.
 */
final class WatchConnection implements WatchSink {

    private static final int UNLIMITED = Integer.MAX_VALUE;

    private final World world;
    private final SimCluster cluster;
    private final SimMember member;
    private final Consumer<WatchRecord> recorder;
    private final IntSupplier numbers;
    private final RandomGenerator random;
    private final long life;
    private final long installed;
    private final ArrayDeque<Watcher> asked = new ArrayDeque<>();
    private final Map<Long, Watcher> created = new LinkedHashMap<>();
    private @Nullable WatchStream stream;
    private boolean left;
    private boolean paused;
    private boolean wasPaused;
    private int room = UNLIMITED;
    private long settledAt = Long.MAX_VALUE;
    private long arrivesAtMicros;

    /** One watcher; {@code next} is where another would have to go on. */
    private static final class Watcher {
        private final int number;
        private final WatchSpec spec;
        private long next;
        private long createdAt;
        private boolean isCanceling;

        Watcher(int number, WatchSpec spec) {
            this.number = number;
            this.spec = spec;
            this.next = spec.startRevision();
        }
    }

    WatchConnection(
            World world, SimCluster cluster, SimMember member, Consumer<WatchRecord> recorder, IntSupplier numbers) {
        this.world = world;
        this.cluster = cluster;
        this.member = member;
        this.recorder = recorder;
        this.numbers = numbers;
        this.random = world.random(Stream.WATCHES);
        this.life = member.lives();
        this.installed = member.snapshotsInstalled();
    }

    boolean isOpen() {
        return !left && member.isServing() && member.lives() == life;
    }

    int watchers() {
        return created.size() + asked.size();
    }

    void open() {
        send(() -> member.request(engine -> stream = engine.watches().open(this)));
    }

    /** What is asked arrives in its order. */
    private void send(Runnable arrival) {
        arrivesAtMicros = Math.max(arrivesAtMicros, world.nowMicros() + WatchClients.link(random));
        world.after(arrivesAtMicros - world.nowMicros(), member.id(), () -> {
            if (member.lives() == life) {
                arrival.run();
            }
        });
    }

    private void onStream(Consumer<WatchStream> action) {
        send(() -> member.request(_ -> {
            WatchStream open = stream;
            if (open != null) {
                action.accept(open);
            }
        }));
    }

    void create(WatchSpec spec) {
        var watcher = new Watcher(numbers.getAsInt(), spec);
        asked.addLast(watcher);
        recorder.accept(new WatchRecord.Asked(watcher.number, world.nowMicros(), spec));
        var request = new WatchRequest(
                0,
                Translation.bytes(spec.key()),
                Translation.bytes(spec.end()),
                spec.startRevision(),
                random.nextBoolean(),
                spec.noPut(),
                spec.noDelete(),
                spec.prevKv(),
                spec.fragments());
        onStream(open -> open.create(request));
    }

    /** Ends the watcher at that place of those that exist. */
    void cancel(int place) {
        List<Long> ids = List.copyOf(created.keySet());
        if (place < ids.size()) {
            cancelId(ids.get(place));
        }
    }

    private void cancelId(long id) {
        Watcher watcher = created.get(id);
        if (watcher != null && !watcher.isCanceling) {
            watcher.isCanceling = true;
            onStream(open -> open.cancel(id));
        }
    }

    void requestProgress() {
        onStream(WatchStream::requestProgress);
    }

    /** From now on it takes only so much before it has to be let read again. */
    void slow(int answers) {
        room = answers;
    }

    void read(int answers) {
        if (room != UNLIMITED) {
            room += answers;
            onStream(WatchStream::resume);
        }
    }

    void pause(long micros) {
        paused = true;
        world.after(micros, 0, () -> {
            paused = false;
            wasPaused = true;
            onStream(WatchStream::resume);
        });
    }

    /** Until the member has seen it, it may say more, but nobody listens. */
    void close() {
        onStream(WatchStream::close);
        left = true;
    }

    /** What would have to be asked for elsewhere to go on. */
    List<WatchSpec> rest() {
        var rest = new ArrayList<WatchSpec>();
        created.values().stream().filter(watcher -> !watcher.isCanceling).forEach(watcher -> rest.add(rest(watcher)));
        asked.forEach(watcher -> rest.add(rest(watcher)));
        return rest;
    }

    private static WatchSpec rest(Watcher watcher) {
        WatchSpec spec = watcher.spec;
        return from(spec, watcher.next);
    }

    private static WatchSpec from(WatchSpec spec, long revision) {
        return new WatchSpec(
                spec.key(), spec.end(), revision, spec.noPut(), spec.noDelete(), spec.prevKv(), spec.fragments());
    }

    /** No more pauses, and nobody who waits for what does not come. */
    void settle(long revision) {
        room = UNLIMITED;
        paused = false;
        settledAt = revision;
        onStream(WatchStream::resume);
        List.copyOf(created.keySet()).forEach(this::cancelFuture);
    }

    private void cancelFuture(long id) {
        Watcher watcher = created.get(id);
        if (watcher != null && watcher.spec.startRevision() > settledAt) {
            cancelId(id);
        }
    }

    boolean isSettled(long revision) {
        return asked.isEmpty() && created.values().stream().allMatch(watcher -> watcher.next > revision);
    }

    @Override
    public String toString() {
        var watchers = new ArrayList<String>();
        created.forEach((id, watcher) -> watchers.add(id + ": " + watcher.spec + " before " + watcher.next));
        asked.forEach(watcher -> watchers.add("asked: " + watcher.spec));
        return "on member " + member.id() + (isOpen() ? "" : ", left") + (hasRoom() ? "" : ", without room") + ": "
                + watchers;
    }

    @Override
    public boolean hasRoom() {
        return !paused && room > 0;
    }

    /** Ends the run, and not only the member in whose turn this happens. */
    private void fail(String what) {
        world.after(0, 0, () -> {
            throw new HistoryViolation("member " + member.id() + " " + what);
        });
    }

    private boolean isDeaf() {
        return left || member.lives() != life;
    }

    private Watcher find(long watchId) {
        Watcher watcher = created.get(watchId);
        if (watcher == null) {
            fail("speaks of the watcher " + watchId + ", not one of " + created.keySet());
            throw new IllegalStateException("no watcher " + watchId);
        }
        return watcher;
    }

    @Override
    public void created(long watchId, long revision) {
        if (isDeaf()) {
            return;
        }
        Watcher watcher = asked.removeFirst();
        if (created.put(watchId, watcher) != null) {
            fail("gives the id " + watchId + " to two watchers");
        }
        watcher.createdAt = revision;
        if (watcher.next == 0) {
            watcher.next = revision + 1;
        }
        recorder.accept(new WatchRecord.Created(watcher.number, world.nowMicros(), revision));
        cancelFuture(watchId);
    }

    @Override
    public void refused(String reason, long revision) {
        fail("refuses a watch: " + reason);
    }

    @Override
    public void events(long watchId, EventList events, long revision) {
        if (isDeaf()) {
            return;
        }
        if (!hasRoom()) {
            fail("sends events though there is no room");
        }
        Watcher watcher = find(watchId);
        List<WatchEvent> decoded = EventDecoder.decode(events);
        recorder.accept(new WatchRecord.Events(watcher.number, world.nowMicros(), revision, decoded, false));
        world.note("events", member.id(), events.lastRevision());
        long first = decoded.getFirst().kv().modRevision();
        if (first < watcher.next) {
            // The checker would find it in the end, but a member that repeats itself may never come to one.
            fail("watcher " + watcher.number + " of " + watcher.spec + " is told of revision " + first
                    + ", though it knows all before " + watcher.next);
        }
        noteGoals(watcher, first);
        watcher.next = Math.max(watcher.next, events.lastRevision() + 1);
        if (room != UNLIMITED) {
            room--;
        }
    }

    private void noteGoals(Watcher watcher, long firstRevision) {
        if (firstRevision <= watcher.createdAt) {
            cluster.goals().reach(Goal.WATCH_TOLD_OF_THE_PAST);
        } else if (wasPaused) {
            cluster.goals().reach(Goal.WATCH_CAUGHT_UP_AFTER_A_PAUSE);
        }
        wasPaused = false;
        if (watcher.spec.startRevision() > watcher.createdAt + 1) {
            cluster.goals().reach(Goal.WATCH_BEGUN_IN_THE_FUTURE);
        }
        if (member.snapshotsInstalled() > installed) {
            cluster.goals().reach(Goal.WATCH_WENT_ON_AFTER_SNAPSHOT_INSTALL);
        }
    }

    @Override
    public void progress(long watchId, long revision) {
        if (isDeaf()) {
            return;
        }
        List<Watcher> told = watchId == -1 ? List.copyOf(created.values()) : List.of(find(watchId));
        for (Watcher watcher : told) {
            recorder.accept(new WatchRecord.Progress(watcher.number, world.nowMicros(), revision));
            watcher.next = Math.max(watcher.next, revision + 1);
        }
        cluster.goals().reach(Goal.WATCH_PROGRESS_TOLD);
    }

    @Override
    public void canceled(long watchId, long revision) {
        if (!isDeaf()) {
            end(watchId, 0);
        }
    }

    @Override
    public void compacted(long watchId, long compactRevision) {
        if (isDeaf()) {
            return;
        }
        Watcher watcher = end(watchId, compactRevision);
        cluster.goals().reach(Goal.WATCH_COMPACTED);
        if (!watcher.isCanceling) {
            create(from(watcher.spec, compactRevision));
        }
    }

    private Watcher end(long watchId, long compactRevision) {
        Watcher watcher = find(watchId);
        created.remove(watchId);
        recorder.accept(new WatchRecord.Canceled(watcher.number, world.nowMicros(), compactRevision));
        return watcher;
    }
}
