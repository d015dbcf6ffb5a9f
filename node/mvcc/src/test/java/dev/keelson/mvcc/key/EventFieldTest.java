package dev.keelson.mvcc.key;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** Against bytes put together by hand from the protocol buffer definitions. */
class EventFieldTest {

    private static final byte[] KEY = {'k'};

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    private static byte[] row(int mod, String value) {
        return new HistoryRow(KEY, 2, mod, mod - 1, value.getBytes(java.nio.charset.StandardCharsets.UTF_8), 0).write();
    }

    @Test
    void aPutIsTheRowOfTheHistory() {
        // events{12} kv{10}: key "k", create 2, mod 2, version 1, value "v"
        assertThat(hex(EventField.ofPut(row(2, "v"), null)))
                .isEqualTo("5a0e120c" + "0a016b" + "1002" + "1802" + "2001" + "2a0176");
    }

    @Test
    void whatWasBeforeFollowsIt() {
        assertThat(hex(EventField.ofPut(row(3, "w"), row(2, "v"))))
                .isEqualTo("5a1c" + "120c0a016b1002180320022a0177" + "1a0c0a016b1002180220012a0176");
    }

    @Test
    void aDeleteNamesTheKeyAndItsRevision() {
        assertThat(hex(EventField.ofDelete(KEY, 300, null))).isEqualTo("5a0a" + "0801" + "1206" + "0a016b" + "18ac02");
    }

    @Test
    void longOnesHaveLongLengths() {
        byte[] field = EventField.ofPut(new byte[200], new byte[20_000]);
        assertThat(hex(java.util.Arrays.copyOf(field, 7))).isEqualTo("5aef9d0112c801");
        assertThat(field).hasSize(1 + 3 + (1 + 2 + 200) + (1 + 3 + 20_000));
    }
}
