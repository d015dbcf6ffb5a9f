package dev.keelson.backup.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keelson.backup.store.StoreException.Kind;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RetryingStoreTest {

    private static final int ATTEMPTS_MAX = 5;

    @TempDir
    Path directory;

    private final List<Integer> waits = new ArrayList<>();
    private final Deque<Kind> failures = new ArrayDeque<>();
    private boolean loseAnswer;
    private int breakAfter = Integer.MAX_VALUE;

    /** A directory that fails as it is told to. */
    private BackupStore store() {
        var real = new DirectoryStore(directory);
        var failing = new BackupStore() {
            private void fail() {
                if (!failures.isEmpty()) {
                    throw new StoreException(failures.removeFirst(), "told to fail");
                }
            }

            @Override
            public void put(String name, Content content) {
                if (loseAnswer) {
                    loseAnswer = false;
                    real.put(name, content);
                    throw new StoreException(Kind.UNAVAILABLE, "the answer is lost");
                }
                fail();
                real.put(name, content);
            }

            @Override
            public InputStream get(String name, long from) {
                fail();
                int bytes = breakAfter;
                breakAfter = Integer.MAX_VALUE;
                return new FilterInputStream(real.get(name, from)) {
                    private int left = bytes;

                    @Override
                    public int read(byte[] target, int offset, int length) throws IOException {
                        if (left == 0) {
                            throw new IOException("broken");
                        }
                        int read = super.read(target, offset, Math.min(length, left));
                        left -= Math.max(read, 0);
                        return read;
                    }
                };
            }

            @Override
            public List<StoredObject> list(String prefix) {
                fail();
                return real.list(prefix);
            }

            @Override
            public void delete(String name) {
                fail();
                real.delete(name);
            }

            @Override
            public String describe() {
                return real.describe();
            }

            @Override
            public void close() {
                real.close();
            }
        };
        return new RetryingStore(failing, (count, _) -> {
            waits.add(count);
            return count < ATTEMPTS_MAX;
        });
    }

    @Test
    void whatMayPassIsTriedAgain() {
        failures.addAll(List.of(Kind.UNAVAILABLE, Kind.FULL, Kind.UNAVAILABLE));
        store().put("name", out -> out.write(1));
        assertThat(waits).containsExactly(1, 2, 3);
        assertThat(store().list("")).hasSize(1);
    }

    @Test
    void itGivesUpInTheEnd() {
        failures.addAll(java.util.Collections.nCopies(ATTEMPTS_MAX, Kind.UNAVAILABLE));
        assertThatThrownBy(() -> store().list("")).hasMessage("told to fail");
        assertThat(waits).containsExactly(1, 2, 3, 4, 5);
    }

    @Test
    void aRefusalIsToldAtOnce() {
        failures.add(Kind.REFUSED);
        assertThatThrownBy(() -> store().delete("name")).hasMessage("told to fail");
        assertThat(waits).isEmpty();
    }

    @Test
    void aPutWhoseAnswerIsLostIsDone() {
        loseAnswer = true;
        store().put("name", out -> out.write(new byte[] {1, 2, 3}));
        assertThat(waits).containsExactly(1);
    }

    @Test
    void anotherObjectOfThatNameIsNotTakenForTheOwn() {
        loseAnswer = true;
        byte[] content = {0};
        assertThatThrownBy(() -> store().put("name", out -> {
                    content[0]++;
                    out.write(content);
                }))
                .isInstanceOfSatisfying(
                        StoreException.class,
                        failure -> assertThat(failure.kind()).isEqualTo(Kind.EXISTS));
    }

    @Test
    void readingGoesOnWhereItBrokeOff() throws IOException {
        BackupStore store = store();
        store.put("name", out -> out.write("0123456789".getBytes(java.nio.charset.StandardCharsets.US_ASCII)));
        breakAfter = 4;
        try (InputStream in = store.get("name")) {
            assertThat(in.readAllBytes()).asString().isEqualTo("0123456789");
        }
        assertThat(waits).containsExactly(1);
    }
}
