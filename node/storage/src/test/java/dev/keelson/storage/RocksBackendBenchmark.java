package dev.keelson.storage;

import dev.keelson.mvcc.backend.Cursor;
import dev.keelson.mvcc.backend.Family;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/**
 * What the store costs over 500,000 keys of 256 bytes, per key. A put writes what an etcd put does: the live row, the
 * history row, the version row. From the root:
 *
 * <pre>
 * java --enable-native-access=ALL-UNNAMED -cp "$(./mvnw -q -o -pl node/storage dependency:build-classpath -Dmdep.outputFile=/dev/stdout):node/storage/target/classes:node/storage/target/test-classes" org.openjdk.jmh.Main RocksBackend -prof gc
 * </pre>
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 4, time = 2)
public class RocksBackendBenchmark {

    private static final int KEYS = 500_000;
    private static final int BATCH = 100;
    private static final int VALUE_BYTES = 256;

    private final Path db;
    private final RocksBackend backend;
    private final Random random = new Random(1);
    private final byte[] value = new byte[VALUE_BYTES];
    private long revision;

    public RocksBackendBenchmark() {
        try {
            db = Files.createTempDirectory(Path.of("target").toAbsolutePath(), "db");
        } catch (IOException cause) {
            throw new IllegalStateException(cause);
        }
        backend = RocksBackend.open(db, StorageConfig.defaults());
        for (int from = 0; from < KEYS; from += BATCH) {
            int first = from;
            writeBatch(i -> first + i);
        }
        backend.flush();
    }

    @TearDown(Level.Trial)
    public void delete() throws IOException {
        backend.close();
        DirectoryTree.delete(db);
    }

    private interface KeyOf {
        int key(int i);
    }

    private void writeBatch(KeyOf keys) {
        backend.write(batch -> {
            for (int i = 0; i < BATCH; i++) {
                byte[] key = key(keys.key(i));
                byte[] row = ByteBuffer.allocate(17).putLong(++revision).array();
                random.nextBytes(value);
                batch.put(Family.KEYS, key, value);
                batch.put(Family.HISTORY, row, value);
                batch.put(Family.VERSIONS, key, row);
            }
        });
    }

    private static byte[] key(int number) {
        // Spread over the whole key space, as hashes or names would be.
        return ByteBuffer.allocate(16)
                .putLong(number * 0x9e3779b97f4a7c15L)
                .putLong(number)
                .array();
    }

    @Benchmark
    @OperationsPerInvocation(BATCH)
    public void put() {
        writeBatch(_ -> random.nextInt(KEYS));
    }

    @Benchmark
    public byte @Nullable [] get() {
        return backend.get(Family.KEYS, key(random.nextInt(KEYS)));
    }

    @Benchmark
    public byte @Nullable [] getHot() {
        return backend.get(Family.KEYS, key(random.nextInt(1000)));
    }

    @Benchmark
    public byte @Nullable [] getMissing() {
        return backend.get(Family.KEYS, key(KEYS + random.nextInt(KEYS)));
    }

    @Benchmark
    @OperationsPerInvocation(1000)
    public void scan(Blackhole sink) {
        try (Cursor cursor = backend.ascend(Family.KEYS, key(random.nextInt(KEYS)), null)) {
            for (int i = 0; i < 1000 && cursor.isValid(); i++) {
                sink.consume(cursor.key());
                sink.consume(cursor.value());
                cursor.next();
            }
        }
    }

    @Benchmark
    public void snapshotAndSeek(Blackhole sink) {
        try (var snapshot = backend.snapshot();
                Cursor cursor = snapshot.ascend(Family.KEYS, key(random.nextInt(KEYS)), null)) {
            sink.consume(cursor.isValid());
        }
    }
}
