package dev.keelson.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keelson.log.file.NioFileSystem;
import dev.keelson.raft.confchange.ConfState;
import dev.keelson.raft.log.Entry;
import dev.keelson.raft.log.HardState;
import dev.keelson.raft.log.SnapshotMetadata;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SegmentedLogOnDiskTest {

    @TempDir
    private Path temporary;

    @Test
    void manySegmentsComeBackFromARealDisk() {
        var config = new LogConfig(1, 1 << 20, 256 << 10, 1 << 16, 64 << 10);
        var log = SegmentedLog.open(new NioFileSystem(), temporary.resolve("wal"), config);
        for (int i = 0; i < 300; i++) {
            log.append(new HardState(1, 2, i), LogState.entries(1, i * 50L + 1, i * 50L + 51, 200));
        }
        log.sync();
        LogState before = LogState.of(log);
        log.close();

        log = SegmentedLog.open(new NioFileSystem(), temporary.resolve("wal"), config);

        assertThat(LogState.of(log)).isEqualTo(before);
        log.close();
    }

    @Test
    void aReaderBesideTheWriterSeesOnlyWholeEntries() throws InterruptedException {
        var config = new LogConfig(1, 64 << 10, 16 << 10, 8 << 10, 8 << 10);
        var log = SegmentedLog.open(new NioFileSystem(), temporary.resolve("wal"), config);
        log.append(null, LogState.entries(1, 1, 11, 100));
        var done = new AtomicBoolean();
        var failure = new AtomicReference<@Nullable Throwable>();
        var reader = new Thread(() -> readUntil(log, done, failure));
        reader.start();
        for (int i = 1; i < 1500; i++) {
            log.append(new HardState(1, 1, i), LogState.entries(1, i * 10L + 1, i * 10L + 11, 100));
            if (i % 100 == 99) {
                log.cut(new SnapshotMetadata(i * 10L - 500, 1, ConfState.EMPTY));
            }
        }
        done.set(true);
        reader.join();

        assertThat(failure.get()).isNull();
        assertThat(log.lastIndex()).isEqualTo(15_000);
        log.close();
    }

    private static void readUntil(SegmentedLog log, AtomicBoolean done, AtomicReference<@Nullable Throwable> failure) {
        var random = new Random(1);
        try {
            while (!done.get()) {
                long last = log.lastIndex();
                long lo = Math.max(log.firstIndex(), last - random.nextInt(400));
                List<Entry> entries = readOrCut(log, lo, last + 1);
                for (int i = 0; i < entries.size(); i++) {
                    assertThat(entries.get(i)).isEqualTo(LogState.entry(1, lo + i, 100));
                }
            }
        } catch (RuntimeException | AssertionError cause) {
            failure.set(cause);
        }
    }

    private static List<Entry> readOrCut(SegmentedLog log, long lo, long hi) {
        try {
            return log.entries(lo, hi, 20_000);
        } catch (IndexOutOfBoundsException cut) {
            assertThat(lo).as(cut.getMessage()).isLessThan(log.firstIndex());
            return List.of();
        }
    }
}
