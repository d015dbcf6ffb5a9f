package dev.keelson.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keelson.mvcc.backend.Cursor;
import dev.keelson.mvcc.backend.Family;
import dev.keelson.mvcc.backend.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What RocksDB adds to the rules of {@link RocksBackendConformanceTest}. */
class RocksBackendTest {

    @TempDir
    private Path temporary;

    private RocksBackend backend;

    @BeforeEach
    void open() {
        backend = RocksBackend.open(temporary.resolve("db"), StorageConfig.defaults());
    }

    @AfterEach
    void close() {
        backend.close();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void aCursorBehindItsEndSaysSo() {
        backend.write(batch -> batch.put(Family.KEYS, bytes("a"), bytes("A")));
        try (Cursor cursor = backend.ascend(Family.KEYS, bytes("a"), null)) {
            cursor.next();

            assertThat(cursor.isValid()).isFalse();
            assertThatThrownBy(cursor::key).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(cursor::next).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void whatWasRemovedLeavesTheTablesWhenTheyAreRewritten() {
        var random = new Random(1);
        for (int at = 0; at < 64; at++) {
            byte[] value = new byte[16 << 10];
            random.nextBytes(value);
            byte[] key = bytes("%03d".formatted(at));
            backend.write(batch -> batch.put(Family.HISTORY, key, value));
        }
        backend.flush();
        long full = backend.tableBytes();
        for (int at = 1; at < 64; at++) {
            byte[] key = bytes("%03d".formatted(at));
            backend.write(batch -> batch.delete(Family.HISTORY, key));
        }
        assertThat(backend.reclaim(_ -> false)).as("given up").isFalse();

        assertThat(backend.reclaim(_ -> true)).isTrue();

        assertThat(backend.tableBytes()).isLessThan(full / 8);
        assertThat(backend.get(Family.HISTORY, bytes("000"))).hasSize(16 << 10);
        assertThat(backend.get(Family.HISTORY, bytes("063"))).isNull();
    }

    /** The batch is built in RocksDB's own form by hand; sizes around every change of a varint's length. */
    @Test
    void keysAndValuesOfEveryLengthComeBack() {
        int[] lengths = {0, 1, 127, 128, 129, 16_383, 16_384, 16_385, 2_097_151, 2_097_152};
        for (int length : lengths) {
            byte[] value = new byte[length];
            new Random(length).nextBytes(value);
            byte[] key = Arrays.copyOf(value, Math.min(length, 20_000) + 1);
            backend.write(batch -> batch.put(Family.HISTORY, key, value));

            assertThat(backend.get(Family.HISTORY, key)).isEqualTo(value);
        }
    }

    @Test
    void agreesWithAModelOverRandomBatchesFlushesAndReopenings() {
        var random = new Random(7);
        Map<Family, TreeMap<byte[], byte[]>> model = new EnumMap<>(Family.class);
        for (Family family : Family.values()) {
            model.put(family, new TreeMap<>(Arrays::compareUnsigned));
        }
        for (int round = 0; round < 120; round++) {
            int rows = random.nextInt(60);
            backend.write(batch -> {
                for (int i = 0; i < rows; i++) {
                    Family family = Family.values()[random.nextInt(Family.values().length)];
                    var rowsOfFamily = Objects.requireNonNull(model.get(family));
                    byte[] key = bytes("k" + random.nextInt(300));
                    if (random.nextInt(4) == 0) {
                        batch.delete(family, key);
                        rowsOfFamily.remove(key);
                    } else {
                        byte[] value = new byte[random.nextInt(200)];
                        random.nextBytes(value);
                        batch.put(family, key, value);
                        rowsOfFamily.put(key, value);
                    }
                }
            });
            if (random.nextInt(10) == 0) {
                backend.flush();
            }
            if (random.nextInt(30) == 0) {
                backend.close();
                open();
            }
            byte[] lo = bytes("k" + random.nextInt(300));
            for (var family : model.entrySet()) {
                assertSame(backend, family.getKey(), family.getValue(), lo);
            }
        }
    }

    private static void assertSame(Reader reader, Family family, NavigableMap<byte[], byte[]> model, byte[] lo) {
        assertCursor(reader.ascend(family, lo, null), model.tailMap(lo, true));
        assertCursor(reader.descend(family, lo, null), model.tailMap(lo, true).descendingMap());
        assertCursor(
                reader.descend(family, new byte[0], lo),
                model.headMap(lo, false).descendingMap());
        assertThat(reader.get(family, lo)).isEqualTo(model.get(lo));
    }

    private static void assertCursor(Cursor cursor, Map<byte[], byte[]> expected) {
        try (cursor) {
            for (var row : expected.entrySet()) {
                assertThat(cursor.isValid()).isTrue();
                assertThat(cursor.key()).isEqualTo(row.getKey());
                assertThat(cursor.value()).isEqualTo(row.getValue());
                cursor.next();
            }
            assertThat(cursor.isValid()).isFalse();
        }
    }
}
