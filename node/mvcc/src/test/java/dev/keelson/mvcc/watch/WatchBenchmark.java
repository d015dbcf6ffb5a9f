package dev.keelson.mvcc.watch;

import dev.keelson.mvcc.Event;
import dev.keelson.mvcc.ReadView;
import dev.keelson.mvcc.key.HistoryRow;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What the hub costs for each event and watcher, matching, encoding and delivery to a client that only counts; {@code -prof
 * gc} tells the bytes allocated. To be run as {@code StoreBenchmark} is.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 4, time = 1)
public class WatchBenchmark {

    private static final int WATCHERS = 10_000;
    private static final int STREAMS = 10;
    private static final int VALUE_BYTES = 256;
    private static final int BATCH = 100;
    private static final byte[] NONE = {};
    private static final byte[] PREFIX_LO = bytes("/registry/pods/");
    private static final byte[] PREFIX_HI = bytes("/registry/pods0");

    private final World oneKey = new World(i -> watch(key(0), NONE));
    private final World distinctKeys = new World(i -> watch(key(i), NONE));
    private final World onePrefix = new World(i -> watch(PREFIX_LO, PREFIX_HI));
    private final World distinctRanges = new World(i -> watch(key(i), key(i + 1)));

    /** A hub with its watchers, and writes that nobody has made. */
    private static final class World {

        private final WatchHub hub;
        private final CountingSink sink = new CountingSink();
        private long revision = 1;
        private int key;

        World(IntFunction<WatchRequest> request) {
            hub = new WatchHub(
                    WatchLimits.DEFAULTS, new NoPast(), revision, Long.MAX_VALUE >> 2, new SplittableRandom(1));
            for (int s = 0; s < STREAMS; s++) {
                var stream = new WatcherStream(sink);
                hub.open(stream);
                for (int i = 0; i < WATCHERS / STREAMS; i++) {
                    hub.create(stream, request.apply(s * (WATCHERS / STREAMS) + i), revision);
                }
            }
        }

        long publish(int count, boolean sameKey) {
            List<Event> events = new ArrayList<>(count);
            for (int i = 0; i < count; i++) {
                byte[] written = sameKey ? key(0) : key(key++ % WATCHERS);
                revision++;
                byte[] row = new HistoryRow(written, 2, revision, revision, new byte[VALUE_BYTES], 0).write();
                events.add(new Event(revision, written, row, false, null));
            }
            hub.publish(revision, events);
            return sink.delivered;
        }
    }

    private static final class NoPast implements ViewSource {

        @Override
        public boolean read(Consumer<ReadView> reader) {
            throw new IllegalStateException("nobody lags");
        }

        @Override
        public long compactRevision() {
            return -1;
        }
    }

    private static final class CountingSink implements WatchSink {

        private long delivered;

        @Override
        public boolean hasRoom() {
            return true;
        }

        @Override
        public void created(long watchId, long revision) {}

        @Override
        public void refused(String reason, long revision) {
            throw new IllegalStateException(reason);
        }

        @Override
        public void events(long watchId, EventList events, long revision) {
            delivered += events.size();
        }

        @Override
        public void progress(long watchId, long revision) {}

        @Override
        public void canceled(long watchId, long revision) {}

        @Override
        public void compacted(long watchId, long compactRevision) {}
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] key(int number) {
        byte[] key = bytes("/registry/pods/default/pod-00000000");
        int rest = number;
        for (int at = key.length - 1; rest > 0; at--) {
            key[at] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        return key;
    }

    private static WatchRequest watch(byte[] key, byte[] end) {
        return new WatchRequest(0, key, end, 0, false, false, false, false, false);
    }

    /** One put, told to ten thousand watchers of its key; the figure is for one of them. */
    @Benchmark
    @OperationsPerInvocation(WATCHERS)
    public long manyOfOneKey() {
        return oneKey.publish(1, true);
    }

    /** One put, told to ten thousand watchers of a prefix. */
    @Benchmark
    @OperationsPerInvocation(WATCHERS)
    public long manyOfOnePrefix() {
        return onePrefix.publish(1, false);
    }

    /** A batch of puts, each of a key that one of ten thousand watches; the figure is for one put. */
    @Benchmark
    @OperationsPerInvocation(BATCH)
    public long manyOfDistinctKeys() {
        return distinctKeys.publish(BATCH, false);
    }

    /** The same with ranges. */
    @Benchmark
    @OperationsPerInvocation(BATCH)
    public long manyOfDistinctRanges() {
        return distinctRanges.publish(BATCH, false);
    }
}
