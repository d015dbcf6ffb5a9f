package dev.keelson.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keelson.log.CrashScript.Run;
import dev.keelson.log.file.CrashFileSystem;
import dev.keelson.log.file.CrashFileSystem.Loss;
import dev.keelson.log.file.CrashFileSystem.Moment;
import dev.keelson.log.file.CrashFileSystem.ProcessEnded;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Ends every script before, in the middle of and after each call that changes the disk, takes the power in every way or
 * not at all, and recovers each image that this leaves twice: undisturbed, and cut short by a second crash. More images
 * with {@code -Dcrash.seeds}.
 */
class LogCrashEnumerationTest {

    /** How often each loss that is drawn is drawn. */
    private static final int SEEDS = Integer.getInteger("crash.seeds", 12);

    private int images;

    @ParameterizedTest
    @EnumSource(CrashScript.class)
    void everyCrashLeavesALogThatKeptItsWord(CrashScript script) {
        List<LogState> all = script.run(new CrashFileSystem()).states();
        boolean ended = true;
        for (int call = 1; ended; call++) {
            for (Moment moment : Moment.values()) {
                var files = new CrashFileSystem();
                files.endProcess(call, moment, new Random(call));
                Run run = script.run(files);
                ended = run.states().size() < all.size();
                if (!ended || files.latestCall() == null || files.latestCall().reads()) {
                    break;
                }
                String crash = script + ", " + moment + " call " + call;
                recoverAll(files, run, all, crash);
            }
        }
        System.out.println(script + ": " + images + " crash images recovered");
        assertThat(images).isGreaterThan(1000);
    }

    private void recoverAll(CrashFileSystem files, Run run, List<LogState> all, String crash) {
        recover(files.copy(), run.allowed(all, false), crash + ", killed");
        for (Loss loss : Loss.values()) {
            boolean drawn = loss == Loss.ALL_BUT_A_PREFIX || loss == Loss.ANY_SUBSET;
            for (int seed = 0; seed < (drawn ? SEEDS : 1); seed++) {
                recoverTwice(files, loss, new Random(seed), run.allowed(all, true), crash);
            }
        }
    }

    private void recoverTwice(CrashFileSystem crashed, Loss loss, Random random, Set<LogState> allowed, String crash) {
        CrashFileSystem files = crashed.copy();
        files.losePower(loss, random);
        CrashFileSystem again = files.copy();
        String label = crash + ", loss " + loss;
        int calls = recover(files, allowed, label);
        again.endProcess(1 + random.nextInt(calls), Moment.values()[random.nextInt(3)], random);
        openOrEnd(again);
        again.losePower(Loss.values()[random.nextInt(4)], random);
        recover(again, allowed, label + ", and a crash during recovery");
    }

    private static void openOrEnd(CrashFileSystem files) {
        try {
            SegmentedLog.open(files, CrashScript.WAL, CrashScript.TINY);
        } catch (ProcessEnded _) {
            files.killProcess();
        }
    }

    /** Starts, looks, goes on, and starts once more after a power loss; returns the calls of the first start. */
    private int recover(CrashFileSystem files, Set<LogState> allowed, String label) {
        images++;
        try {
            int before = files.calls();
            SegmentedLog log = SegmentedLog.open(files, CrashScript.WAL, CrashScript.TINY);
            int calls = files.calls() - before;
            LogState found = LogState.of(log);
            if (!allowed.contains(found)) {
                throw new AssertionError(label + ": found " + found + " but allowed were " + allowed);
            }
            long next = log.lastIndex() + 1;
            log.append(null, LogState.entries(90, next, next + 2, 24));
            log.sync();
            LogState acknowledged = LogState.of(log);
            files.losePower(Loss.EVERYTHING, new Random(0));
            LogState kept = LogState.of(SegmentedLog.open(files, CrashScript.WAL, CrashScript.TINY));
            if (!kept.equals(acknowledged)) {
                throw new AssertionError(label + ": went on to " + acknowledged + " but kept " + kept);
            }
            return calls;
        } catch (RuntimeException failure) {
            throw new AssertionError(label + ": " + failure.getMessage(), failure);
        }
    }
}
