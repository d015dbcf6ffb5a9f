package dev.keelson.log;

import dev.keelson.log.file.NioFileSystem;
import dev.keelson.raft.confchange.ConfState;
import dev.keelson.raft.log.Entry;
import dev.keelson.raft.log.EntryType;
import dev.keelson.raft.log.HardState;
import dev.keelson.raft.log.SnapshotMetadata;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What a batch costs on a real disk; the directory is the working directory's {@code target}. From the root:
 *
 * <pre>
 * java -cp "$(./mvnw -q -o -pl node/log dependency:build-classpath -Dmdep.outputFile=/dev/stdout):node/log/target/classes:node/log/target/test-classes" org.openjdk.jmh.Main SegmentedLog -prof gc
 * </pre>
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 4, time = 2)
public class SegmentedLogBenchmark {

    private static final int VALUE_BYTES = 256;
    private static final long KEPT_ENTRIES = 400_000;

    @Param({"1", "100"})
    private int batch;

    private final Path wal;
    private final SegmentedLog log;
    private final byte[] payload = new byte[VALUE_BYTES];
    private long next = 1;

    public SegmentedLogBenchmark() {
        try {
            wal = Files.createTempDirectory(Path.of("target").toAbsolutePath(), "wal");
        } catch (IOException cause) {
            throw new IllegalStateException(cause);
        }
        log = SegmentedLog.open(new NioFileSystem(), wal, LogConfig.defaults(1));
    }

    @TearDown(Level.Trial)
    public void delete() throws IOException {
        log.close();
        try (Stream<Path> files = Files.list(wal)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(wal);
    }

    private List<Entry> entries() {
        var entries = new ArrayList<Entry>(batch);
        for (int i = 0; i < batch; i++) {
            entries.add(new Entry(1, next++, EntryType.NORMAL, payload));
        }
        if (next % KEPT_ENTRIES < batch) {
            log.cut(new SnapshotMetadata(log.lastIndex(), 1, ConfState.EMPTY));
        }
        return entries;
    }

    @Benchmark
    public void append() {
        log.append(null, entries());
    }

    @Benchmark
    public void appendAndSync() {
        log.append(new HardState(1, 1, next), entries());
        log.sync();
    }

    @Benchmark
    public List<Entry> readFromMemory() {
        if (log.lastIndex() < 10_000) {
            log.append(null, entries());
        }
        return log.entries(Math.max(log.firstIndex(), log.lastIndex() - batch), log.lastIndex() + 1, 1 << 20);
    }
}
