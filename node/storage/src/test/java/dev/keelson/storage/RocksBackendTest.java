package dev.keelson.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keelson.mvcc.backend.Cursor;
import dev.keelson.mvcc.backend.Family;
import dev.keelson.mvcc.backend.Reader;
import dev.keelson.mvcc.backend.Snapshot;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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

    private static List<String> rows(Cursor cursor) {
        var rows = new ArrayList<String>();
        try (cursor) {
            for (; cursor.isValid(); cursor.next()) {
                rows.add(new String(cursor.key(), StandardCharsets.UTF_8) + "="
                        + new String(cursor.value(), StandardCharsets.UTF_8));
            }
        }
        return rows;
    }

    private void putAll(String... keys) {
        backend.write(batch -> {
            for (String key : keys) {
                batch.put(Family.KEYS, bytes(key), bytes(key.toUpperCase(Locale.ROOT)));
            }
        });
    }

    @Test
    void aRowIsReadBackFromItsFamilyOnly() {
        putAll("a");

        assertThat(backend.get(Family.KEYS, bytes("a"))).isEqualTo(bytes("A"));
        assertThat(backend.get(Family.META, bytes("a"))).isNull();
        assertThat(backend.get(Family.KEYS, bytes("b"))).isNull();
    }

    @Test
    void laterMutationsOfABatchWin() {
        backend.write(batch -> {
            batch.put(Family.META, bytes("x"), bytes("1"));
            batch.delete(Family.META, bytes("x"));
            batch.put(Family.META, bytes("y"), bytes("1"));
            batch.put(Family.META, bytes("y"), bytes(""));
        });

        assertThat(backend.get(Family.META, bytes("x"))).isNull();
        assertThat(backend.get(Family.META, bytes("y"))).isEmpty();
    }

    @Test
    void aBatchThatFailsWritesNothing() {
        assertThatThrownBy(() -> backend.write(batch -> {
                    batch.put(Family.META, bytes("x"), bytes("1"));
                    throw new IllegalStateException("no");
                }))
                .hasMessage("no");
        putAll("a");

        assertThat(backend.get(Family.META, bytes("x"))).isNull();
    }

    @Test
    void rangesAreHalfOpenInBothDirections() {
        putAll("a", "b", "bb", "c");

        assertThat(rows(backend.ascend(Family.KEYS, bytes("a"), bytes("c")))).containsExactly("a=A", "b=B", "bb=BB");
        assertThat(rows(backend.descend(Family.KEYS, bytes("a"), bytes("c")))).containsExactly("bb=BB", "b=B", "a=A");
        assertThat(rows(backend.ascend(Family.KEYS, bytes("b"), null))).containsExactly("b=B", "bb=BB", "c=C");
        assertThat(rows(backend.descend(Family.KEYS, bytes("b"), null))).containsExactly("c=C", "bb=BB", "b=B");
        assertThat(rows(backend.descend(Family.KEYS, bytes(""), bytes("b")))).containsExactly("a=A");
        assertThat(rows(backend.ascend(Family.KEYS, bytes("x"), null))).isEmpty();
        assertThat(rows(backend.ascend(Family.KEYS, bytes("c"), bytes("a")))).isEmpty();
        assertThat(rows(backend.descend(Family.KEYS, bytes("c"), bytes("a")))).isEmpty();
        assertThat(rows(backend.ascend(Family.KEYS, bytes("b"), bytes("b")))).isEmpty();
    }

    @Test
    void keysCompareAsUnsignedBytes() {
        backend.write(batch -> {
            for (int first = 0; first < 256; first++) {
                batch.put(Family.VERSIONS, new byte[] {(byte) first}, new byte[] {(byte) first});
            }
        });

        try (Cursor cursor = backend.ascend(Family.VERSIONS, new byte[0], null)) {
            for (int first = 0; first < 256; first++) {
                assertThat(cursor.key()).containsExactly((byte) first);
                cursor.next();
            }
            assertThat(cursor.isValid()).isFalse();
        }
    }

    @Test
    void aSnapshotDoesNotSeeLaterWrites() {
        putAll("a", "b");
        try (Snapshot snapshot = backend.snapshot()) {
            backend.write(batch -> {
                batch.delete(Family.KEYS, bytes("a"));
                batch.put(Family.KEYS, bytes("c"), bytes("C"));
            });
            backend.flush();

            assertThat(snapshot.get(Family.KEYS, bytes("a"))).isEqualTo(bytes("A"));
            assertThat(rows(snapshot.ascend(Family.KEYS, bytes("a"), null))).containsExactly("a=A", "b=B");
            assertThat(rows(snapshot.descend(Family.KEYS, bytes("a"), null))).containsExactly("b=B", "a=A");
        }
        assertThat(rows(backend.ascend(Family.KEYS, bytes("a"), null))).containsExactly("b=B", "c=C");
    }

    @Test
    void aCursorBehindItsEndSaysSo() {
        putAll("a");
        try (Cursor cursor = backend.ascend(Family.KEYS, bytes("a"), null)) {
            cursor.next();

            assertThat(cursor.isValid()).isFalse();
            assertThatThrownBy(cursor::key).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(cursor::next).isInstanceOf(IllegalStateException.class);
        }
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
