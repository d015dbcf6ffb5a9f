package dev.keelson.mvcc.backend;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A backend of sorted maps, for simulations and tests.
 *
 * <p>Every row keeps the values it had with the number of the write that gave them, so a snapshot is a number. Written
 * batches since the last flush are remembered, so that {@link #crash} can return to any boundary between two.
 *
 * <p>Thread rule: as {@link Backend}; {@link #crash} with nobody else inside.
 */
public final class InMemoryBackend implements Backend {

    private final Map<Family, ConcurrentSkipListMap<byte[], List<Version>>> families = new EnumMap<>(Family.class);
    private final List<Batch> unflushed = new ArrayList<>();
    private Map<Family, SortedMap<byte[], byte[]>> durable = emptyFamilies();
    private volatile long written;

    private record Version(long write, byte @Nullable [] value) {}

    private record Change(Family family, byte[] key, byte @Nullable [] value) {}

    private record Batch(List<Change> changes) {}

    public InMemoryBackend() {
        for (Family family : Family.values()) {
            families.put(family, new ConcurrentSkipListMap<>(Arrays::compareUnsigned));
        }
    }

    private static Map<Family, SortedMap<byte[], byte[]>> emptyFamilies() {
        var empty = new EnumMap<Family, SortedMap<byte[], byte[]>>(Family.class);
        for (Family family : Family.values()) {
            empty.put(family, new ConcurrentSkipListMap<>(Arrays::compareUnsigned));
        }
        return empty;
    }

    @Override
    public synchronized void write(Consumer<Mutations> batch) {
        var changes = new ArrayList<Change>();
        batch.accept(new Mutations() {
            @Override
            public void put(Family family, byte[] key, byte[] value) {
                changes.add(new Change(family, key, value));
            }

            @Override
            public void delete(Family family, byte[] key) {
                changes.add(new Change(family, key, null));
            }
        });
        publish(changes);
        unflushed.add(new Batch(changes));
    }

    private void publish(List<Change> changes) {
        long write = written + 1;
        for (Change change : changes) {
            rows(change.family())
                    .merge(change.key(), List.of(new Version(write, change.value())), InMemoryBackend::newestFirst);
        }
        written = write;
    }

    private static List<Version> newestFirst(List<Version> older, List<Version> newer) {
        var all = new ArrayList<Version>(newer);
        all.addAll(older);
        return all;
    }

    private ConcurrentSkipListMap<byte[], List<Version>> rows(Family family) {
        return Objects.requireNonNull(families.get(family));
    }

    @Override
    public synchronized void flush() {
        for (Batch batch : unflushed) {
            apply(durable, batch);
        }
        unflushed.clear();
    }

    private static void apply(Map<Family, SortedMap<byte[], byte[]>> image, Batch batch) {
        for (Change change : batch.changes()) {
            SortedMap<byte[], byte[]> rows = Objects.requireNonNull(image.get(change.family()));
            if (change.value() == null) {
                rows.remove(change.key());
            } else {
                rows.put(change.key(), change.value());
            }
        }
    }

    /** A row as a crash that keeps nothing unflushed would leave it. */
    public synchronized byte @Nullable [] durable(Family family, byte[] key) {
        return Objects.requireNonNull(durable.get(family)).get(key);
    }

    /** How many writes a crash may lose. */
    public synchronized int unflushedWrites() {
        return unflushed.size();
    }

    /** What a restart finds after a crash that loses the last {@code lost} unflushed writes. */
    public synchronized InMemoryBackend crash(int lost) {
        flushThrough(unflushed.size() - lost);
        return copyOfDurable();
    }

    private void flushThrough(int kept) {
        for (Batch batch : unflushed.subList(0, kept)) {
            apply(durable, batch);
        }
        unflushed.clear();
    }

    /** A backend of its own that holds what this one holds now, durably: a checkpoint. */
    public synchronized InMemoryBackend copy() {
        flush();
        return copyOfDurable();
    }

    private InMemoryBackend copyOfDurable() {
        var copy = new InMemoryBackend();
        copy.durable = emptyFamilies();
        copy.written = 1;
        durable.forEach((family, rows) -> {
            Objects.requireNonNull(copy.durable.get(family)).putAll(rows);
            rows.forEach((key, value) -> copy.rows(family).put(key, List.of(new Version(1, value))));
        });
        return copy;
    }

    @Override
    public Snapshot snapshot() {
        return new View(written);
    }

    @Override
    public byte @Nullable [] get(Family family, byte[] key) {
        return new View(written).get(family, key);
    }

    @Override
    public Cursor ascend(Family family, byte[] lo, byte @Nullable [] hi) {
        return new View(written).ascend(family, lo, hi);
    }

    @Override
    public Cursor descend(Family family, byte[] lo, byte @Nullable [] hi) {
        return new View(written).descend(family, lo, hi);
    }

    @Override
    public void close() {}

    private static byte @Nullable [] valueAt(List<Version> versions, long write) {
        for (Version version : versions) {
            if (version.write() <= write) {
                return version.value();
            }
        }
        return null;
    }

    /** The rows as one write left them. */
    private final class View implements Snapshot {
        private final long write;

        View(long write) {
            this.write = write;
        }

        @Override
        public byte @Nullable [] get(Family family, byte[] key) {
            List<Version> versions = rows(family).get(key);
            return versions == null ? null : valueAt(versions, write);
        }

        @Override
        public Cursor ascend(Family family, byte[] lo, byte @Nullable [] hi) {
            return new RowCursor(bounded(family, lo, hi).entrySet().iterator(), write);
        }

        @Override
        public Cursor descend(Family family, byte[] lo, byte @Nullable [] hi) {
            return new RowCursor(
                    bounded(family, lo, hi).descendingMap().entrySet().iterator(), write);
        }

        private java.util.concurrent.ConcurrentNavigableMap<byte[], List<Version>> bounded(
                Family family, byte[] lo, byte @Nullable [] hi) {
            var all = rows(family);
            if (hi == null) {
                return all.tailMap(lo, true);
            }
            // A range that ends before it begins has no rows; the map would refuse it.
            return Arrays.compareUnsigned(lo, hi) >= 0 ? all.subMap(lo, true, lo, false) : all.subMap(lo, hi);
        }

        @Override
        public void close() {}
    }

    private static final class RowCursor implements Cursor {
        private final Iterator<Map.Entry<byte[], List<Version>>> rows;
        private final long write;
        private byte @Nullable [] key;
        private byte @Nullable [] value;

        RowCursor(Iterator<Map.Entry<byte[], List<Version>>> rows, long write) {
            this.rows = rows;
            this.write = write;
            next();
        }

        @Override
        public boolean isValid() {
            return key != null;
        }

        @Override
        public void next() {
            while (rows.hasNext()) {
                var row = rows.next();
                value = valueAt(row.getValue(), write);
                if (value != null) {
                    key = row.getKey();
                    return;
                }
            }
            key = null;
            value = null;
        }

        @Override
        public byte[] key() {
            return Objects.requireNonNull(key);
        }

        @Override
        public byte[] value() {
            return Objects.requireNonNull(value);
        }

        @Override
        public void close() {}
    }
}
