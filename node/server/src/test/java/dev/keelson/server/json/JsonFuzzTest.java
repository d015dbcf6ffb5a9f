package dev.keelson.server.json;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keelson.api.etcd.TxnRequest;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Whatever a client of the gateway sends, it is read or refused as no JSON; {@code -Dfuzz.inputs=N}: how many. */
final class JsonFuzzTest {

    private static final int INPUTS = Integer.getInteger("fuzz.inputs", 20_000);
    private static final int BYTES_MAX = 1 << 16;
    private static final int CHANGES_MAX = 5;

    private static final List<String> WHOLES = List.of(
            "{\"compare\":[{\"target\":\"CREATE\",\"key\":\"Zm9v\",\"create_revision\":\"2\",\"result\":0}],"
                    + "\"success\":[{\"request_put\":{\"key\":\"Zm9v\",\"value\":\"YmFy\",\"lease\":-1}}],"
                    + "\"failure\":[{\"request_txn\":{\"success\":[{\"request_range\":{\"key\":\"AA==\"}}]}}]}",
            "{\"success\":[{\"requestDeleteRange\":{\"prev_kv\":true,\"range_end\":null}}],\"none\":[1.5e+3,{}]}",
            "[{}] {\"a\":\"\\u00e9\\ud83d\\ude00\\\"\"} 12 true");

    /** What breaks JSON most easily. */
    private static final byte[] SIGNS = "{}[]\",:\\0-+.eE \u0000u".getBytes(StandardCharsets.UTF_8);

    private static byte[] changed(Random random) {
        byte[] bytes = WHOLES.get(random.nextInt(WHOLES.size())).getBytes(StandardCharsets.UTF_8);
        for (int changes = random.nextInt(CHANGES_MAX) + 1; changes > 0; changes--) {
            int at = random.nextInt(bytes.length);
            switch (random.nextInt(4)) {
                case 0 -> bytes[at] = SIGNS[random.nextInt(SIGNS.length)];
                case 1 -> bytes[at] = (byte) random.nextInt();
                case 2 -> bytes = Arrays.copyOf(bytes, at + 1);
                default -> {
                    int length = bytes.length;
                    bytes = Arrays.copyOf(bytes, length + length - at);
                    System.arraycopy(bytes, at, bytes, length, length - at);
                }
            }
        }
        return bytes;
    }

    @Test
    void aMessageIsReadOrRefused() {
        var random = new Random(1);
        int read = 0;
        for (int input = 0; input < INPUTS; input++) {
            var splitter = new JsonSplitter(BYTES_MAX);
            splitter.feed(changed(random));
            try {
                // The reader trusts the splitter, as in the gateway.
                byte[] value = splitter.next();
                if (value != null) {
                    MessageReader.read(value, TxnRequest.newBuilder());
                    read++;
                }
            } catch (JsonException refused) {
                assertThat(refused).hasMessageMatching("(?s).+");
            }
        }
        assertThat(read).isPositive();
    }

    @Test
    void aStreamIsCutIntoValuesOrRefusedHoweverItArrives() {
        var random = new Random(2);
        for (int input = 0; input < INPUTS; input++) {
            byte[] bytes = changed(random);
            int cut = random.nextInt(bytes.length + 1);

            assertThat(values(bytes, cut)).as("input %d", input).isEqualTo(values(bytes, bytes.length));
        }
    }

    /** The values, with a mark at the end when the rest was refused. */
    private static String values(byte[] bytes, int cut) {
        var splitter = new JsonSplitter(BYTES_MAX);
        var values = new StringBuilder();
        try {
            for (byte[] part : List.of(Arrays.copyOf(bytes, cut), Arrays.copyOfRange(bytes, cut, bytes.length))) {
                splitter.feed(part);
                for (byte[] value = splitter.next(); value != null; value = splitter.next()) {
                    values.append(new String(value, StandardCharsets.ISO_8859_1))
                            .append('\n');
                }
            }
            byte[] last = splitter.end();
            return values.append(last == null ? "" : new String(last, StandardCharsets.ISO_8859_1))
                    .toString();
        } catch (JsonException refused) {
            return values + "refused";
        }
    }
}
