package dev.keelson.storage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keelson.mvcc.backend.Cursor;
import dev.keelson.mvcc.backend.Family;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a crash finds, tried on copies of a store that is open. */
class RocksBackendDurabilityTest {

    private static final byte[] APPLIED = {'a'};
    private static final StorageConfig CONFIG = StorageConfig.defaults();

    @TempDir
    private Path temporary;

    private static byte[] number(long number) {
        return ByteBuffer.allocate(Long.BYTES).putLong(number).array();
    }

    private static long number(byte @Nullable [] bytes) {
        return bytes == null ? 0 : ByteBuffer.wrap(bytes).getLong();
    }

    /** One applied entry: rows in several families and the applied index with them. */
    private static void apply(RocksBackend backend, long index, int valueBytes) {
        backend.write(batch -> {
            batch.put(Family.KEYS, number(index), new byte[valueBytes]);
            batch.put(Family.HISTORY, number(index), new byte[valueBytes]);
            batch.put(Family.META, APPLIED, number(index));
        });
    }

    private static long rows(RocksBackend backend, Family family) {
        long rows = 0;
        try (Cursor cursor = backend.ascend(family, new byte[0], null)) {
            for (; cursor.isValid(); cursor.next()) {
                rows++;
            }
        }
        return rows;
    }

    private RocksBackend open() {
        return RocksBackend.open(temporary.resolve("db"), CONFIG);
    }

    /** Opens what a crash at this moment would leave. */
    private RocksBackend afterCrash(String name) throws Exception {
        return RocksBackend.open(Directories.copy(temporary.resolve("db"), temporary.resolve(name)), CONFIG);
    }

    @Test
    void aCrashLeavesTheLastFlushOfAllFamilies() throws Exception {
        try (RocksBackend backend = open()) {
            apply(backend, 1, 10);
            backend.flush();
            apply(backend, 2, 10);

            try (RocksBackend found = afterCrash("crashed")) {
                assertThat(number(found.get(Family.META, APPLIED))).isEqualTo(1);
                assertThat(rows(found, Family.KEYS)).isEqualTo(1);
                assertThat(rows(found, Family.HISTORY)).isEqualTo(1);
            }
        }
    }

    @Test
    void aDurableReadSeesFlushedRowsOnly() {
        try (RocksBackend backend = open()) {
            assertThat(backend.getDurable(Family.META, APPLIED)).isNull();
            apply(backend, 1, 10);
            assertThat(backend.getDurable(Family.META, APPLIED)).isNull();
            backend.flush();
            apply(backend, 2, 10);

            long durable = number(backend.getDurable(Family.META, APPLIED));

            assertThat(durable).isEqualTo(1);
            assertThat(number(backend.get(Family.META, APPLIED))).isEqualTo(2);
        }
        try (RocksBackend reopened = open()) {
            assertThat(number(reopened.getDurable(Family.META, APPLIED))).isEqualTo(2);
        }
    }

    /** Flushes that RocksDB starts by itself, when memory is short, keep the families together too. */
    @Test
    void theDurableAppliedIndexMatchesTheRowsWheneverTheCrashComes() throws Exception {
        var smallMemory = new StorageConfig(8L << 20, 2L << 20, 2);
        try (RocksBackend backend = RocksBackend.open(temporary.resolve("db"), smallMemory)) {
            long lastDurable = 0;
            int checked = 0;
            // Fewer flushes than start a compaction, which would delete files while they are copied.
            for (long index = 1; checked < 3; index++) {
                apply(backend, index, 2000);
                long durable = number(backend.getDurable(Family.META, APPLIED));
                assertThat(durable).isBetween(lastDurable, index);
                if (durable > lastDurable) {
                    lastDurable = durable;
                    checked++;
                    try (RocksBackend found = afterCrash("crashed" + checked)) {
                        long applied = number(found.get(Family.META, APPLIED));
                        assertThat(applied).isGreaterThanOrEqualTo(durable);
                        assertThat(rows(found, Family.KEYS)).isEqualTo(applied);
                        assertThat(rows(found, Family.HISTORY)).isEqualTo(applied);
                    }
                }
            }
            assertThat(lastDurable).isPositive();
        }
    }

    @Test
    void aCheckpointHoldsEverythingWrittenBefore() {
        Path target = temporary.resolve("checkpoint");
        try (RocksBackend backend = open()) {
            for (long index = 1; index <= 100; index++) {
                apply(backend, index, 100);
                if (index == 50) {
                    backend.flush();
                }
            }

            backend.checkpoint(target);

            apply(backend, 101, 100);
        }
        try (RocksBackend copy = RocksBackend.open(target, CONFIG)) {
            assertThat(number(copy.get(Family.META, APPLIED))).isEqualTo(100);
            assertThat(rows(copy, Family.KEYS)).isEqualTo(100);
            assertThat(rows(copy, Family.HISTORY)).isEqualTo(100);
        }
    }

    @Test
    void closingFlushes() {
        try (RocksBackend backend = open()) {
            apply(backend, 1, 10);
        }

        try (RocksBackend backend = open()) {
            assertThat(number(backend.get(Family.META, APPLIED))).isEqualTo(1);
        }
    }
}
