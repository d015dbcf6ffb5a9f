package dev.keelson.mvcc;

import dev.keelson.mvcc.backend.InMemoryBackend;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What the store itself costs, on a backend in memory; {@code -prof gc} tells the bytes allocated. From the root, with a
 * JDK 25 as JAVA_HOME, after
 * {@code ./mvnw -Pfast -pl node/mvcc test-compile}:
 *
 * <pre>
 * "$JAVA_HOME/bin/java" -cp "$(./mvnw -q -o -pl node/mvcc dependency:build-classpath -Dmdep.outputFile=/dev/stdout):node/mvcc/target/classes:node/mvcc/target/test-classes" org.openjdk.jmh.Main StoreBenchmark -prof gc
 * </pre>
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 4, time = 1)
public class StoreBenchmark {

    private static final int KEYS = 10_000;
    private static final int VALUE_BYTES = 256;
    private static final int BATCH = 100;
    private static final int PAGE = 500;
    private static final int COMPACTION_ROWS = 10_000;

    private final InMemoryBackend backend = new InMemoryBackend();
    private final MvccStore store = MvccStore.open(backend);
    private final byte[][] keys = new byte[KEYS][];
    private final byte[] value = new byte[VALUE_BYTES];
    private final SplittableRandom random = new SplittableRandom(1);
    private final RangeRequest all = RangeRequest.of(new byte[] {0}, new byte[] {0});
    private final RangeRequest count = new RangeRequest(
            all.key(), all.rangeEnd(), 0, 0, SortOrder.NONE, SortTarget.KEY, false, false, true, 0, 0, 0, 0);

    public StoreBenchmark() {
        StoreBatch batch = store.begin();
        for (int i = 0; i < KEYS; i++) {
            keys[i] = "/registry/pods/default/pod-%08d".formatted(i).getBytes(java.nio.charset.StandardCharsets.UTF_8);
            PutResult _ = batch.put(PutRequest.of(keys[i], value));
        }
        batch.commit();
        backend.flush();
    }

    private byte[] anyKey() {
        return keys[random.nextInt(KEYS)];
    }

    /** A put of a key that exists, alone in its batch. */
    @Benchmark
    public void putAlone() {
        StoreBatch batch = store.begin();
        PutResult _ = batch.put(PutRequest.of(anyKey(), value));
        batch.commit();
        backend.flush();
    }

    /** The same among a hundred. */
    @Benchmark
    @OperationsPerInvocation(BATCH)
    public void putInBatch() {
        StoreBatch batch = store.begin();
        for (int i = 0; i < BATCH; i++) {
            PutResult _ = batch.put(PutRequest.of(anyKey(), value));
        }
        batch.commit();
        backend.flush();
    }

    /** Keeps the history, and so the depth of the maps, within bounds, outside of what is measured. */
    @Setup(Level.Iteration)
    public void compact() {
        if (store.revision() > store.compactRevision()) {
            StoreBatch batch = store.begin();
            long _ = batch.compact(store.revision());
            batch.commit();
        }
        for (Compaction next = store.pendingCompaction(); next != null; next = store.pendingCompaction()) {
            next.step(COMPACTION_ROWS);
        }
        backend.flush();
    }

    @Benchmark
    public RangeResult getOne() {
        try (ReadView view = store.view()) {
            return view.range(RangeRequest.of(anyKey(), new byte[0]));
        }
    }

    /** A page of five hundred keys; the other 9,500 are counted. */
    @Benchmark
    public RangeResult page() {
        try (ReadView view = store.view()) {
            return view.range(all.limitedTo(PAGE));
        }
    }

    @Benchmark
    public RangeResult countAll() {
        try (ReadView view = store.view()) {
            return view.range(count);
        }
    }
}
