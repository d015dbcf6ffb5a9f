package dev.keelson.sim.cluster;

import dev.keelson.raft.log.DurableLog;
import dev.keelson.raft.log.Entry;
import dev.keelson.raft.log.HardState;
import dev.keelson.raft.log.SnapshotMetadata;
import dev.keelson.sim.cluster.Canon.Decided;
import dev.keelson.sim.world.Goals;
import dev.keelson.sim.world.Goals.Goal;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A member's log, and beside it a note of what it was given and what it promised to keep.
 *
 * <p>Thread rule: one thread.
 */
final class ObservedLog implements DurableLog {

    private static final long BYTES_MAX = Long.MAX_VALUE;

    private final DurableLog log;
    private final Goals goals;
    private final TreeMap<Long, Decided> noted = new TreeMap<>();
    private long durableIndex;
    private HardState durableState;
    private long attemptedIndex;

    ObservedLog(DurableLog log, Goals goals) {
        this.log = log;
        this.goals = goals;
        durableIndex = log.lastIndex();
        attemptedIndex = durableIndex;
        durableState = log.hardState();
        if (log.firstIndex() <= log.lastIndex()) {
            // As a start reads it: in parts, since one call returns only what its caller can hold.
            long at = log.firstIndex();
            while (at <= log.lastIndex()) {
                for (Entry entry : log.entries(at, log.lastIndex() + 1, BYTES_MAX)) {
                    noted.put(entry.index(), Decided.of(entry));
                    at = entry.index() + 1;
                }
            }
        }
    }

    /** What stands at {@code index}; null when nothing does, or it was cut away. */
    @Nullable
    Decided at(long index) {
        return noted.get(index);
    }

    /** Whether a change of the membership stands behind {@code index}. */
    boolean changesMembersAfter(long index) {
        return noted.tailMap(index, false).values().stream().anyMatch(Decided::changesMembers);
    }

    /** The last index that a sync has promised to keep. */
    long durableIndex() {
        return durableIndex;
    }

    /** The last index that it was asked to append, whether or not a crash came in between. */
    long attemptedIndex() {
        return attemptedIndex;
    }

    /** The hard state that a sync has promised to keep. */
    HardState durableState() {
        return durableState;
    }

    @Override
    public HardState hardState() {
        return log.hardState();
    }

    @Override
    public SnapshotMetadata start() {
        return log.start();
    }

    @Override
    public void append(@Nullable HardState hardState, List<Entry> entries) {
        if (!entries.isEmpty()) {
            long first = entries.getFirst().index();
            noted.tailMap(first, true).clear();
            durableIndex = Math.min(durableIndex, first - 1);
            attemptedIndex = entries.getLast().index();
        }
        log.append(hardState, entries);
        entries.forEach(entry -> noted.put(entry.index(), Decided.of(entry)));
    }

    @Override
    public void sync() {
        log.sync();
        durableIndex = log.lastIndex();
        durableState = log.hardState();
    }

    @Override
    public void reset(SnapshotMetadata metadata, HardState hardState) {
        log.reset(metadata, hardState);
        noted.clear();
        durableIndex = metadata.index();
        durableState = hardState;
    }

    @Override
    public void cut(SnapshotMetadata upTo) {
        long before = log.firstIndex();
        log.cut(upTo);
        if (log.firstIndex() > before) {
            goals.reach(Goal.LOG_CUT);
        }
        noted.headMap(log.firstIndex(), false).clear();
    }

    @Override
    public long bytesAfter(long index) {
        return log.bytesAfter(index);
    }

    @Override
    public long firstIndex() {
        return log.firstIndex();
    }

    @Override
    public long lastIndex() {
        return log.lastIndex();
    }

    @Override
    public long term(long index) {
        return log.term(index);
    }

    @Override
    public List<Entry> entries(long lo, long hi, long bytesMax) {
        return log.entries(lo, hi, bytesMax);
    }

    @Override
    public void close() {
        log.close();
    }
}
