package dev.keelson.mvcc.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the store relies on in its backend; each backend's tests extend this. */
public abstract class BackendConformance {

    private static final byte[] LOWEST = {};

    private @Nullable Backend opened;

    /** A new, empty backend. */
    protected abstract Backend open() throws Exception;

    /** Flushes, loses whatever a crash loses, and opens what is left. */
    protected abstract Backend reopen(Backend backend) throws Exception;

    @BeforeEach
    void openBackend() throws Exception {
        opened = open();
    }

    @AfterEach
    void closeBackend() {
        backend().close();
    }

    private Backend backend() {
        return Objects.requireNonNull(opened);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    private void put(Family family, String... rows) {
        backend().write(batch -> {
            for (String row : rows) {
                batch.put(family, bytes(row), bytes(row + "!"));
            }
        });
    }

    private static List<String> rest(Cursor cursor) {
        List<String> rows = new ArrayList<>();
        try (cursor) {
            for (; cursor.isValid(); cursor.next()) {
                assertThat(text(cursor.value())).isEqualTo(text(cursor.key()) + "!");
                rows.add(text(cursor.key()));
            }
        }
        return rows;
    }

    private static List<String> ascend(Reader reader, String lo, @Nullable String hi) {
        return rest(reader.ascend(Family.KEYS, bytes(lo), hi == null ? null : bytes(hi)));
    }

    private static List<String> descend(Reader reader, String lo, @Nullable String hi) {
        return rest(reader.descend(Family.KEYS, bytes(lo), hi == null ? null : bytes(hi)));
    }

    @ParameterizedTest
    @EnumSource
    void aFamilyHasItsOwnRows(Family family) {
        put(family, "row");
        for (Family other : Family.values()) {
            assertThat(backend().get(other, bytes("row"))).isEqualTo(other == family ? bytes("row!") : null);
        }
    }

    @Test
    void anEmptyValueIsAValue() {
        backend().write(batch -> batch.put(Family.KEYS, bytes("a"), LOWEST));
        assertThat(backend().get(Family.KEYS, bytes("a"))).isEmpty();
        assertThat(backend().get(Family.KEYS, bytes("b"))).isNull();
    }

    @Test
    void theLastMutationOfARowInABatchCounts() {
        backend().write(batch -> {
            batch.put(Family.KEYS, bytes("put twice"), bytes("1"));
            batch.put(Family.KEYS, bytes("put twice"), bytes("2"));
            batch.put(Family.KEYS, bytes("deleted after"), bytes("1"));
            batch.delete(Family.KEYS, bytes("deleted after"));
            batch.delete(Family.KEYS, bytes("deleted before"));
            batch.put(Family.KEYS, bytes("deleted before"), bytes("1"));
        });
        assertThat(backend().get(Family.KEYS, bytes("put twice"))).isEqualTo(bytes("2"));
        assertThat(backend().get(Family.KEYS, bytes("deleted after"))).isNull();
        assertThat(backend().get(Family.KEYS, bytes("deleted before"))).isEqualTo(bytes("1"));
    }

    @Test
    void aBatchThatThrowsWritesNothing() {
        assertThatThrownBy(() -> backend().write(batch -> {
                    batch.put(Family.KEYS, bytes("a"), bytes("1"));
                    throw new IllegalStateException("half way");
                }))
                .hasMessage("half way");
        assertThat(backend().get(Family.KEYS, bytes("a"))).isNull();
    }

    @Test
    void rowsSortAsUnsignedBytes() {
        put(Family.KEYS, "\u00ff", "\u0080", "\u007f", "a\0", "a", "\0", "a\u00ff");
        assertThat(ascend(backend(), "", null))
                .containsExactly("\0", "a", "a\0", "a\u00ff", "\u007f", "\u0080", "\u00ff");
        assertThat(descend(backend(), "", null))
                .containsExactly("\u00ff", "\u0080", "\u007f", "a\u00ff", "a\0", "a", "\0");
    }

    @Test
    void aCursorKeepsToItsBounds() {
        put(Family.KEYS, "a", "b", "c", "d");
        assertThat(ascend(backend(), "b", "d")).containsExactly("b", "c");
        assertThat(descend(backend(), "b", "d")).containsExactly("c", "b");
        assertThat(ascend(backend(), "bb", "dd")).containsExactly("c", "d");
        assertThat(descend(backend(), "bb", "dd")).containsExactly("d", "c");
        assertThat(descend(backend(), "c", null)).containsExactly("d", "c");
        assertThat(ascend(backend(), "e", null)).isEmpty();
        assertThat(descend(backend(), "", "a")).isEmpty();
    }

    @Test
    void rangesThatEndBeforeTheyBeginAreEmpty() {
        put(Family.KEYS, "a", "b", "c");
        assertThat(ascend(backend(), "c", "a")).isEmpty();
        assertThat(descend(backend(), "c", "a")).isEmpty();
        assertThat(ascend(backend(), "b", "b")).isEmpty();
        assertThat(descend(backend(), "b", "b")).isEmpty();
    }

    @Test
    void aSnapshotDoesNotSeeLaterWrites() {
        put(Family.KEYS, "a", "b");
        try (Snapshot snapshot = backend().snapshot()) {
            put(Family.KEYS, "c");
            backend().write(batch -> batch.delete(Family.KEYS, bytes("a")));
            backend().flush();
            assertThat(ascend(snapshot, "", null)).containsExactly("a", "b");
            assertThat(descend(snapshot, "", null)).containsExactly("b", "a");
            assertThat(snapshot.get(Family.KEYS, bytes("c"))).isNull();
        }
        assertThat(ascend(backend(), "", null)).containsExactly("b", "c");
    }

    @Test
    void aCursorDoesNotSeeLaterWrites() {
        put(Family.KEYS, "a", "b");
        Cursor cursor = backend().ascend(Family.KEYS, LOWEST, null);
        put(Family.KEYS, "c");
        assertThat(rest(cursor)).containsExactly("a", "b");
    }

    @Test
    void whatWasFlushedOutlivesACrash() throws Exception {
        put(Family.KEYS, "a");
        put(Family.META, "m");
        backend().flush();
        opened = reopen(backend());
        assertThat(ascend(backend(), "", null)).containsExactly("a");
        assertThat(backend().get(Family.META, bytes("m"))).isEqualTo(bytes("m!"));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void randomWritesReadAsFromASortedMap(long seed) {
        var random = new SplittableRandom(seed);
        Map<Family, NavigableMap<String, String>> expected = new EnumMap<>(Family.class);
        for (Family family : Family.values()) {
            expected.put(family, new TreeMap<>());
        }
        for (int round = 0; round < 300; round++) {
            backend().write(batch -> {
                for (int i = random.nextInt(8); i > 0; i--) {
                    mutate(random, batch, expected);
                }
            });
            if (random.nextInt(40) == 0) {
                backend().flush();
            }
            compare(random, expected);
        }
    }

    private static void mutate(
            SplittableRandom random, Mutations batch, Map<Family, NavigableMap<String, String>> expected) {
        Family family = Family.values()[random.nextInt(Family.values().length)];
        byte[] key = randomKey(random);
        if (random.nextInt(3) == 0) {
            batch.delete(family, key);
            rows(expected, family).remove(hex(key));
        } else {
            byte[] value = new byte[random.nextInt(20)];
            Arrays.fill(value, (byte) random.nextInt());
            batch.put(family, key, value);
            rows(expected, family).put(hex(key), hex(value));
        }
    }

    private static NavigableMap<String, String> rows(
            Map<Family, NavigableMap<String, String>> expected, Family family) {
        return Objects.requireNonNull(expected.get(family));
    }

    private static byte[] randomKey(SplittableRandom random) {
        byte[] key = new byte[random.nextInt(1, 3)];
        for (int i = 0; i < key.length; i++) {
            key[i] = (byte) random.nextInt(-2, 3);
        }
        return key;
    }

    /** Hexadecimal text sorts as the bytes do. */
    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    private void compare(SplittableRandom random, Map<Family, NavigableMap<String, String>> expected) {
        for (Family family : Family.values()) {
            byte[] one = randomKey(random);
            byte[] other = randomKey(random);
            boolean inOrder = Arrays.compareUnsigned(one, other) <= 0;
            byte[] lo = inOrder ? one : other;
            byte[] hi = inOrder ? other : one;
            NavigableMap<String, String> rows = rows(expected, family).subMap(hex(lo), true, hex(hi), false);
            assertThat(shown(backend().ascend(family, lo, hi))).isEqualTo(rows.toString());
            assertThat(shown(backend().descend(family, lo, hi)))
                    .isEqualTo(rows.descendingMap().toString());
            byte[] got = backend().get(family, lo);
            assertThat(got == null ? null : hex(got))
                    .isEqualTo(rows(expected, family).get(hex(lo)));
        }
    }

    private static String shown(Cursor cursor) {
        List<String> rows = new ArrayList<>();
        try (cursor) {
            for (; cursor.isValid(); cursor.next()) {
                rows.add(hex(cursor.key()) + "=" + hex(cursor.value()));
            }
        }
        return "{" + String.join(", ", rows) + "}";
    }
}
