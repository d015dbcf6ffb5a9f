package dev.keelson.log;

import dev.keelson.log.file.CrashFileSystem;
import dev.keelson.log.file.CrashFileSystem.ProcessEnded;
import dev.keelson.raft.confchange.ConfState;
import dev.keelson.raft.log.HardState;
import dev.keelson.raft.log.SnapshotMetadata;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Something that a log does, step by step, to be cut short anywhere. */
enum CrashScript {
    /** Batches of every size, with and without hard state, synced now and then. */
    APPENDS(List.of(
            append(new HardState(1, 2, 0), 1, 1, 4, 40),
            append(null, 1, 4, 6, 300),
            sync(),
            append(new HardState(2, 0, 3), 2, 6, 6, 0),
            append(new HardState(2, 3, 5), 2, 6, 9, 10),
            append(null, 2, 9, 10, 700),
            sync(),
            append(null, 2, 10, 12, 16))),
    /** A follower whose tail a new leader replaces, more than once. */
    TRUNCATION(List.of(
            append(new HardState(1, 1, 0), 1, 1, 8, 60),
            sync(),
            append(new HardState(2, 0, 2), 2, 5, 6, 60),
            append(null, 2, 6, 8, 60),
            sync(),
            append(new HardState(3, 0, 2), 3, 3, 5, 200),
            append(null, 4, 4, 5, 24),
            sync(),
            append(new HardState(5, 2, 3), 5, 4, 9, 90))),
    /** Every few batches fill a segment, a replaced tail among them. */
    ROLL(List.of(
            append(new HardState(1, 1, 0), 1, 1, 4, 500),
            append(null, 1, 4, 6, 400),
            sync(),
            append(null, 2, 5, 9, 500),
            append(new HardState(2, 1, 8), 2, 9, 10, 100),
            sync(),
            append(null, 3, 8, 11, 600),
            append(null, 3, 11, 12, 600))),
    /** The head goes file by file, twice. */
    CUT(List.of(
            append(new HardState(1, 1, 0), 1, 1, 4, 500),
            append(null, 1, 4, 7, 500),
            append(null, 2, 7, 10, 500),
            append(new HardState(2, 1, 9), 2, 10, 11, 20),
            sync(),
            cut(5, 1),
            append(null, 2, 11, 13, 700),
            append(null, 3, 13, 14, 30),
            append(null, 3, 14, 17, 600),
            cut(13, 3),
            append(new HardState(3, 1, 11), 3, 17, 18, 30))),
    /** A snapshot replaces everything, first ahead of the log and then behind its end. */
    RESET(List.of(
            append(new HardState(1, 1, 0), 1, 1, 4, 500),
            append(null, 1, 4, 6, 500),
            reset(50, 4),
            append(new HardState(4, 2, 50), 4, 51, 54, 300),
            sync(),
            append(null, 5, 53, 56, 300),
            reset(54, 5),
            append(null, 5, 55, 57, 40))),
    /** Clean and unclean restarts in the midst of the rest. */
    RESTART(List.of(
            append(new HardState(1, 1, 0), 1, 1, 4, 200),
            restart(true),
            append(new HardState(2, 1, 1), 2, 3, 6, 200),
            restart(false),
            append(null, 2, 6, 9, 300),
            sync(),
            append(null, 3, 7, 9, 300),
            restart(false),
            restart(true),
            append(new HardState(3, 3, 6), 3, 9, 10, 64)));

    static final Path WAL = Path.of("/data/member/wal");
    static final LogConfig TINY = new LogConfig(77, 1500, 1024, 500, 4096);

    private final List<Step> steps;

    CrashScript(List<Step> steps) {
        this.steps = steps;
    }

    /** What is done, which gives the log that is open then, and whether all is durable when it returns. */
    private record Step(Action action, boolean durable) {}

    private interface Action {
        SegmentedLog on(SegmentedLog log, CrashFileSystem files);
    }

    private static Step step(Consumer<SegmentedLog> action, boolean durable) {
        return new Step(
                (log, _) -> {
                    action.accept(log);
                    return log;
                },
                durable);
    }

    private static Step append(@Nullable HardState state, long term, long lo, long hi, int bytes) {
        return step(log -> log.append(state, LogState.entries(term, lo, hi, bytes)), false);
    }

    private static Step sync() {
        return step(SegmentedLog::sync, true);
    }

    private static Step cut(long index, long term) {
        return step(log -> log.cut(metadata(index, term)), true);
    }

    private static Step reset(long index, long term) {
        return step(log -> log.reset(metadata(index, term), new HardState(term, 0, index)), true);
    }

    private static SnapshotMetadata metadata(long index, long term) {
        return new SnapshotMetadata(index, term, ConfState.ofVoters(List.of(1L, 2L, 3L)));
    }

    private static Step restart(boolean clean) {
        return new Step(
                (log, files) -> {
                    if (clean) {
                        log.close();
                    }
                    return SegmentedLog.open(files, WAL, TINY);
                },
                true);
    }

    /**
     * What a run came to.
     *
     * @param states those after the start and after each step that returned
     * @param durable which of them was the last that had to survive a power loss
     */
    record Run(List<LogState> states, int durable) {

        /** The states a start may find when the whole script goes through {@code all}: that of the step cut short too. */
        Set<LogState> allowed(List<LogState> all, boolean powerLost) {
            int from = powerLost ? durable : Math.max(0, states.size() - 1);
            return Set.copyOf(all.subList(from, Math.min(states.size() + 1, all.size())));
        }
    }

    Run run(CrashFileSystem files) {
        var states = new ArrayList<LogState>();
        int durable = 0;
        try {
            SegmentedLog log = SegmentedLog.open(files, WAL, TINY);
            states.add(LogState.of(log));
            for (Step step : steps) {
                log = step.action().on(log, files);
                states.add(LogState.of(log));
                durable = step.durable() ? states.size() - 1 : durable;
            }
        } catch (ProcessEnded _) {
            return new Run(states, durable);
        }
        return new Run(states, durable);
    }
}
