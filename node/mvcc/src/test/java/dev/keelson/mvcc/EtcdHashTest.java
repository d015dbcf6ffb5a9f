package dev.keelson.mvcc;

import static dev.keelson.mvcc.Requests.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keelson.mvcc.backend.InMemoryBackend;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** HashKV against what a real etcd 3.7.1 answered; the file says how its lines read. */
class EtcdHashTest {

    private static final String SCRIPTS = "/etcd-3.7.1-hashes.txt";

    @TestFactory
    Stream<DynamicTest> theHashIsTheOneOfEtcd() throws IOException {
        Map<String, List<String>> scripts = new LinkedHashMap<>();
        try (InputStream file = Objects.requireNonNull(getClass().getResourceAsStream(SCRIPTS))) {
            String name = "";
            for (String line : new String(file.readAllBytes(), StandardCharsets.UTF_8).split("\n", -1)) {
                if (line.startsWith("script ")) {
                    name = line.substring("script ".length());
                } else if (!line.isEmpty() && !line.startsWith("#")) {
                    scripts.computeIfAbsent(name, _ -> new ArrayList<>()).add(line);
                }
            }
        }
        assertThat(scripts).hasSizeGreaterThanOrEqualTo(10);
        return scripts.entrySet().stream()
                .map(script -> DynamicTest.dynamicTest(script.getKey(), () -> new Player().play(script.getValue())));
    }

    private static final class Player {

        private final MvccStore store = MvccStore.open(new InMemoryBackend());

        void play(List<String> lines) {
            for (String line : lines) {
                Deque<String> words = new ArrayDeque<>(Arrays.asList(line.split(" ")));
                if (words.getFirst().equals("hash")) {
                    checkHash(words.stream().skip(1).mapToLong(Long::parseLong).toArray(), line);
                } else {
                    write(words);
                }
            }
        }

        private void checkHash(long[] numbers, String line) {
            HashKvResult expected = new HashKvResult((int) numbers[1], numbers[2], numbers[3]);
            try (ReadView view = store.view()) {
                assertThat(view.hashKv(numbers[0])).as(line).isEqualTo(expected);
            }
        }

        private void write(Deque<String> words) {
            StoreBatch batch = store.begin();
            switch (words.removeFirst()) {
                case "put" -> batch.put(put(words));
                case "del" -> batch.deleteRange(delete(words));
                case "txn" -> batch.txn(txn(words));
                case "compact" -> batch.compact(Long.parseLong(words.removeFirst()));
                case "grant" -> batch.putLease(Long.parseLong(words.removeFirst()), Requests.NONE);
                case "revoke" -> batch.revokeLease(Long.parseLong(words.removeFirst()));
                default -> throw new AssertionError(words);
            }
            batch.commit();
            for (Compaction next = store.pendingCompaction(); next != null; next = store.pendingCompaction()) {
                next.step(2);
            }
        }

        private static String word(Deque<String> words) {
            return words.isEmpty()
                            || words.getFirst().equals(";")
                            || words.getFirst().equals(")")
                    ? ""
                    : words.removeFirst();
        }

        private static PutRequest put(Deque<String> words) {
            byte[] key = bytes(word(words));
            String value = word(words);
            String lease = word(words);
            return new PutRequest(
                    key,
                    bytes(value.equals("-") ? "" : value),
                    lease.isEmpty() ? 0 : Long.parseLong(lease),
                    false,
                    false,
                    false);
        }

        private static DeleteRangeRequest delete(Deque<String> words) {
            byte[] key = bytes(word(words));
            String end = word(words);
            return new DeleteRangeRequest(key, bytes(end.equals("*") ? "\0" : end), false);
        }

        private static TxnRequest txn(Deque<String> words) {
            List<Operation> operations = new ArrayList<>();
            while (!words.isEmpty()) {
                String word = words.removeFirst();
                if (word.equals(")")) {
                    break;
                }
                switch (word) {
                    case ";" -> {}
                    case "(" -> operations.add(txn(words));
                    case "put" -> operations.add(put(words));
                    case "del" -> operations.add(delete(words));
                    default -> throw new AssertionError(word);
                }
            }
            return new TxnRequest(List.of(), operations, List.of());
        }
    }
}
