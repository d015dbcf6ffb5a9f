package dev.keelson.backup.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keelson.backup.store.BackupStore.StoredObject;
import dev.keelson.backup.store.StoreException.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every store has to pass. */
public abstract class StoreConformance {

    /** More than two parts of a bucket, and not a whole number of them. */
    private static final int LARGE_BYTES = (34 << 20) + 1;

    private static final long SEED = 8;

    private BackupStore store;

    /** An empty store. */
    protected abstract BackupStore open() throws IOException;

    @BeforeEach
    void openIt() throws IOException {
        store = open();
    }

    @AfterEach
    void closeIt() {
        store.close();
    }

    private void put(String name, String text) {
        store.put(name, out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
    }

    private String get(String name) throws IOException {
        try (InputStream in = store.get(name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static void assertKind(org.assertj.core.api.ThrowableAssert.ThrowingCallable call, Kind kind) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        StoreException.class,
                        failure -> assertThat(failure.kind())
                                .as(failure.getMessage())
                                .isEqualTo(kind));
    }

    @Test
    void whatIsPutIsReadAndListed() throws IOException {
        put("a/b/one", "1");
        put("a/two.txt", "22");
        put("ab", "");

        assertThat(get("a/b/one")).isEqualTo("1");
        assertThat(get("ab")).isEmpty();
        assertThat(store.list(""))
                .containsExactly(
                        new StoredObject("a/b/one", 1), new StoredObject("a/two.txt", 2), new StoredObject("ab", 0));
        assertThat(store.list("a/")).extracting(StoredObject::name).containsExactly("a/b/one", "a/two.txt");
        assertThat(store.list("a/t")).extracting(StoredObject::name).containsExactly("a/two.txt");
        assertThat(store.list("nothing/here")).isEmpty();
    }

    @Test
    void anObjectIsReadFromAnyByteOn() throws IOException {
        put("numbers", "0123456789");
        try (InputStream in = store.get("numbers", 7)) {
            assertThat(in.readAllBytes()).asString().isEqualTo("789");
        }
    }

    @Test
    void anObjectThatIsThereIsNotReplaced() throws IOException {
        put("once", "first");
        assertKind(() -> put("once", "second"), Kind.EXISTS);
        assertThat(get("once")).isEqualTo("first");
    }

    @Test
    void anObjectThatIsNotThereIsMissing() {
        assertKind(() -> get("none"), Kind.MISSING);
    }

    @Test
    void whatIsDeletedIsGoneAndItsNameIsFree() throws IOException {
        put("a/gone", "x");
        store.delete("a/gone");
        store.delete("a/gone");
        assertThat(store.list("")).isEmpty();
        put("a/gone", "again");
        assertThat(get("a/gone")).isEqualTo("again");
    }

    @Test
    void anObjectOfManyPartsComesBackAsItWas() throws IOException {
        store.put("large", out -> {
            var random = new Random(SEED);
            byte[] piece = new byte[1 << 16];
            for (int left = LARGE_BYTES; left > 0; left -= piece.length) {
                random.nextBytes(piece);
                out.write(piece, 0, Math.min(left, piece.length));
            }
        });
        assertThat(store.list("large")).containsExactly(new StoredObject("large", LARGE_BYTES));
        var random = new Random(SEED);
        byte[] piece = new byte[1 << 16];
        try (InputStream in = store.get("large")) {
            for (int left = LARGE_BYTES; left > 0; left -= piece.length) {
                random.nextBytes(piece);
                byte[] came = in.readNBytes(Math.min(left, piece.length));
                assertThat(came).isEqualTo(java.util.Arrays.copyOf(piece, came.length));
            }
            assertThat(in.read()).isNegative();
        }
    }

    @Test
    void aPutThatBreaksOffLeavesNothing() {
        for (int bytes : List.of(10, LARGE_BYTES)) {
            assertThatThrownBy(() -> store.put("broken", out -> {
                        for (int i = 0; i < bytes / 10; i++) {
                            out.write(new byte[10]);
                        }
                        throw new IllegalStateException("the source is gone");
                    }))
                    .hasMessage("the source is gone");
            assertThat(store.list("")).isEmpty();
        }
    }

    @Test
    void namesThatLeadElsewhereAreNotTaken() {
        for (String name : List.of("../out", "/etc/x", "a//b", "a/../../b", ".hidden", "", "a b", "a/")) {
            assertThatThrownBy(() -> put(name, "x")).isInstanceOf(IllegalArgumentException.class);
        }
    }
}
