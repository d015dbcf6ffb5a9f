package dev.keelson.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keelson.log.file.CrashFileSystem;
import dev.keelson.log.file.CrashFileSystem.Loss;
import dev.keelson.log.file.CrashFileSystem.ProcessEnded;
import dev.keelson.raft.confchange.ConfState;
import dev.keelson.raft.log.HardState;
import dev.keelson.raft.log.SnapshotMetadata;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Ends the process at every single call of the file system, loses power in every way, and looks at what a start finds:
 * one of the states since the last sync, whole, without help.
 */
class SegmentedLogCrashTest {

    private static final Path WAL = Path.of("/data/wal");
    private static final LogConfig TINY = new LogConfig(77, 1500, 1024, 500, 4096);

    /** A step of a script, and whether everything up to and with it is durable when it returns. */
    private record Step(Consumer<SegmentedLog> action, boolean durable) {}

    /** What a run came to: the states after each step, the last that had to survive, and how many calls it took. */
    private record Run(List<LogState> states, int durableState, int calls) {

        /** The states a start may find: the last durable one, any later, and that of the step which was cut short. */
        List<LogState> allowed(List<LogState> all) {
            return all.subList(durableState, Math.min(states.size() + 1, all.size()));
        }
    }

    private static List<Step> script() {
        var steps = new ArrayList<Step>();
        long term = 1;
        long next = 1;
        for (int round = 0; round < 5; round++) {
            var state = new HardState(term, round % 3, Math.max(0, next - 1));
            steps.add(append(state, term, next, next + 3, 100 + 60 * round));
            steps.add(append(null, term, next + 3, next + 5, 10));
            steps.add(new Step(SegmentedLog::sync, true));
            steps.add(append(null, term + 1, next + 2, next + 4, 600));
            steps.add(append(new HardState(term + 1, 3, next), term + 1, next + 4, next + 5, 5));
            term++;
            next += 5;
        }
        var cut = new SnapshotMetadata(20, 5, ConfState.ofVoters(List.of(1L, 2L, 3L)));
        steps.add(new Step(log -> log.cut(cut), true));
        steps.add(append(null, 6, 24, 27, 200));
        var metadata = new SnapshotMetadata(22, 5, ConfState.ofVoters(List.of(4L)));
        steps.add(new Step(log -> log.reset(metadata, new HardState(7, 1, 22)), true));
        steps.add(append(new HardState(8, 1, 22), 8, 23, 25, 64));
        steps.add(new Step(SegmentedLog::close, true));
        return steps;
    }

    private static Step append(@Nullable HardState state, long term, long lo, long hi, int bytes) {
        return new Step(log -> log.append(state, LogState.entries(term, lo, hi, bytes)), false);
    }

    private static Run run(CrashFileSystem files, List<Step> script) {
        var states = new ArrayList<LogState>();
        int durable = 0;
        try {
            SegmentedLog log = SegmentedLog.open(files, WAL, TINY);
            states.add(LogState.of(log));
            for (Step step : script) {
                step.action().accept(log);
                states.add(LogState.of(log));
                if (step.durable()) {
                    durable = states.size() - 1;
                }
            }
        } catch (ProcessEnded _) {
            // The caller planned it.
            return new Run(states, durable, files.calls());
        }
        return new Run(states, durable, files.calls());
    }

    private static List<LogState> statesOfAWholeRun() {
        return run(new CrashFileSystem(), script()).states();
    }

    @ParameterizedTest
    @EnumSource(Loss.class)
    void aCrashAtAnyCallLosesNothingThatWasSynced(Loss loss) {
        List<LogState> all = statesOfAWholeRun();
        int calls = run(new CrashFileSystem(), script()).calls();
        int seeds = loss == Loss.EVERYTHING || loss == Loss.NOTHING ? 1 : 12;
        for (int call = 1; call <= calls + 1; call++) {
            for (int seed = 0; seed < seeds; seed++) {
                var files = new CrashFileSystem();
                files.failAtCall(call);
                Run run = run(files, script());
                files.losePower(loss, new Random(1000L * call + seed));

                LogState found = LogState.of(SegmentedLog.open(files, WAL, TINY));

                assertThat(run.allowed(all)).as("call %d, seed %d", call, seed).contains(found);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aKilledProcessFindsEverythingItWrote(boolean goesOn) {
        List<LogState> all = statesOfAWholeRun();
        int calls = run(new CrashFileSystem(), script()).calls();
        for (int call = 1; call <= calls; call++) {
            var files = new CrashFileSystem();
            files.failAtCall(call);
            Run run = run(files, script());
            files.killProcess();

            SegmentedLog log = SegmentedLog.open(files, WAL, TINY);
            LogState found = LogState.of(log);
            if (goesOn) {
                log.append(null, LogState.entries(50, log.lastIndex() + 1, log.lastIndex() + 3, 30));
                log.sync();
            }
            LogState beforePowerLoss = LogState.of(log);
            files.losePower(Loss.EVERYTHING, new Random(call));
            LogState afterPowerLoss = LogState.of(SegmentedLog.open(files, WAL, TINY));

            int last = Math.max(0, run.states().size() - 1);
            assertThat(all.subList(last, Math.min(last + 2, all.size())))
                    .as("call %d", call)
                    .contains(found);
            assertThat(afterPowerLoss).as("call %d", call).isEqualTo(beforePowerLoss);
        }
    }

    /** Recovery itself is cut short at each of its calls, more than once; what it showed before must stay. */
    @Test
    void aCrashDuringRecoveryIsNoWorseThanTheFirst() {
        List<LogState> all = statesOfAWholeRun();
        int calls = run(new CrashFileSystem(), script()).calls();
        for (int call = 5; call <= calls; call += 3) {
            for (int second = 1; second < 60; second++) {
                var random = new Random(call * 100L + second);
                var files = new CrashFileSystem();
                files.failAtCall(call);
                Run run = run(files, script());
                files.losePower(Loss.ANY_SUBSET, random);
                files.failAtCall(second);
                openOrEnd(files);
                files.losePower(Loss.ANY_SUBSET, random);

                LogState found = LogState.of(SegmentedLog.open(files, WAL, TINY));

                assertThat(run.allowed(all)).as("calls %d, %d", call, second).contains(found);
            }
        }
    }

    private static void openOrEnd(CrashFileSystem files) {
        try {
            SegmentedLog.open(files, WAL, TINY).close();
        } catch (ProcessEnded _) {
            // The caller planned it.
            return;
        }
    }

    /**
     * After a crash the log goes on with other entries of other sizes; nothing of what was lost may come to life again
     * behind them.
     */
    @Test
    void whatACrashLostStaysLost() {
        List<LogState> all = statesOfAWholeRun();
        int calls = run(new CrashFileSystem(), script()).calls();
        for (int call = 5; call <= calls; call++) {
            for (int seed = 0; seed < 8; seed++) {
                var random = new Random(call * 100L + seed);
                var files = new CrashFileSystem();
                files.failAtCall(call);
                run(files, script());
                files.losePower(Loss.ANY_SUBSET, random);
                SegmentedLog log = SegmentedLog.open(files, WAL, TINY);
                long next = log.lastIndex() + 1;
                log.append(new HardState(40, 1, 0), LogState.entries(40, next, next + 1, 8 * random.nextInt(20)));
                log.sync();
                LogState synced = LogState.of(log);
                log.append(null, LogState.entries(40, next + 1, next + 2, 8 * random.nextInt(60)));
                LogState last = LogState.of(log);
                files.losePower(Loss.ANY_SUBSET, random);

                LogState found = LogState.of(SegmentedLog.open(files, WAL, TINY));

                assertThat(List.of(synced, last))
                        .as("call %d, seed %d", call, seed)
                        .contains(found);
            }
        }
        assertThat(all).isNotEmpty();
    }

    @Test
    void theScriptRollsCutsAndResets() {
        List<LogState> all = statesOfAWholeRun();

        assertThat(all).anyMatch(state -> state.start().index() == 20);
        assertThat(all).anyMatch(state -> state.start().index() == 22);
        assertThat(all.getLast().entries()).hasSize(2);
    }
}
