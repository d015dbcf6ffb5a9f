package dev.keelson.mvcc.key;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class RowFormsTest {

    private static final byte[] EMPTY = {};

    /** In their order; all that zero bytes, ends and prefixes can do to an escape. */
    private static final List<byte[]> KEYS = List.of(
            bytes("\0"),
            bytes("\0\0"),
            bytes("\0\0\1"),
            bytes("\0\1"),
            bytes("\0\u00ff"),
            bytes("\1"),
            bytes("a"),
            bytes("a\0"),
            bytes("a\0\0"),
            bytes("a\0\1"),
            bytes("a\0\u00ff"),
            bytes("a\1"),
            bytes("aa"),
            bytes("a\u00ff"),
            bytes("b"),
            bytes("\u00ff"),
            bytes("\u00ff\0"),
            bytes("\u00ff\u00ff"));

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    @Test
    void aRevisionKeyIsTheOneOfEtcd() {
        assertThat(hex(RevisionKey.ofPut(0x0102030405060708L, 9))).isEqualTo("01020304050607085f0000000000000009");
        assertThat(hex(RevisionKey.ofTombstone(2, 0))).isEqualTo("00000000000000025f000000000000000074");
    }

    @Test
    void aRevisionKeyTellsWhatItWasMadeOf() {
        byte[] put = RevisionKey.ofPut(Long.MAX_VALUE, 7);
        assertThat(RevisionKey.main(put)).isEqualTo(Long.MAX_VALUE);
        assertThat(RevisionKey.sub(put)).isEqualTo(7);
        assertThat(RevisionKey.isTombstone(put)).isFalse();
        assertThat(RevisionKey.isTombstone(RevisionKey.ofTombstone(1, 0))).isTrue();
    }

    static Stream<Arguments> historyRows() {
        byte[] k = bytes("k");
        return Stream.of(
                Arguments.of(new HistoryRow(k, 0, 0, 0, EMPTY, 0), "0a016b"),
                Arguments.of(new HistoryRow(k, 2, 300, 1, bytes("v"), 0), "0a016b100218ac0220012a0176"),
                Arguments.of(new HistoryRow(k, 1, 1, 1, EMPTY, -1), "0a016b10011801200130ffffffffffffffffff01"),
                Arguments.of(
                        new HistoryRow(k, 1, 1, 1, EMPTY, Long.MAX_VALUE), "0a016b10011801200130ffffffffffffffff7f"),
                Arguments.of(new HistoryRow(EMPTY, 0, 0, 0, bytes("v"), 0), "2a0176"));
    }

    /** The expected bytes follow protobuf's encoding of {@code mvccpb.KeyValue}. */
    @ParameterizedTest
    @MethodSource("historyRows")
    void aHistoryRowIsTheProtobufOfGo(HistoryRow row, String expected) {
        assertThat(hex(row.write())).isEqualTo(expected);
        assertThat(HistoryRow.read(row.write())).usingRecursiveComparison().isEqualTo(row);
    }

    @Test
    void aTombstoneHoldsTheKeyAlone() {
        assertThat(hex(HistoryRow.ofTombstone(bytes("ab")).write())).isEqualTo("0a026162");
    }

    @Test
    void aFieldThatNobodyWroteIsRefused() {
        assertThatThrownBy(() -> HistoryRow.read(new byte[] {0x3a, 0})).hasMessageContaining("unknown field tag 58");
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 127, 128, 16_383, 16_384, Integer.MAX_VALUE, Long.MAX_VALUE, -1, Long.MIN_VALUE})
    void aLiveRowComesBackAsItWas(long number) {
        byte[] row = LiveRow.write(new LiveRow.Position(number, number, number, number), number, bytes("value"));
        LiveRow read = LiveRow.read(row);
        assertThat(List.of(read.createRevision(), read.modRevision(), read.sub(), read.version(), read.lease()))
                .containsOnly(number);
        assertThat(read.value()).isEqualTo(bytes("value"));
        assertThat(row).hasSize(5 * Varint.size(number) + 5);
    }

    @Test
    void versionKeysSortByKeyAndThenNewestFirst() {
        List<byte[]> rows = new ArrayList<>();
        for (byte[] key : KEYS) {
            rows.add(VersionKey.lo(key));
            rows.add(VersionKey.newestAt(key, 1L << 40));
            rows.add(VersionKey.of(key, 1L << 40, 1));
            rows.add(VersionKey.of(key, 1L << 40, 0));
            rows.add(VersionKey.newestAt(key, 5));
            rows.add(VersionKey.of(key, 5, 0));
            rows.add(VersionKey.hi(key));
        }
        assertThat(rows).isSortedAccordingTo(Arrays::compareUnsigned).doesNotHaveDuplicates();
    }

    @Test
    void aVersionKeyTellsItsRevisionAndItsBounds() {
        for (byte[] key : KEYS) {
            byte[] row = VersionKey.of(key, 77, 3);
            assertThat(VersionKey.main(row)).isEqualTo(77);
            assertThat(VersionKey.sub(row)).isEqualTo(3);
            assertThat(VersionKey.hiOfRow(row)).isEqualTo(VersionKey.hi(key));
            assertThat(VersionKey.newestAtOfRow(row, 12)).isEqualTo(VersionKey.newestAt(key, 12));
        }
    }

    @Test
    void aFlagTellsATombstone() {
        assertThat(VersionKey.isTombstone(VersionKey.flag(true))).isTrue();
        assertThat(VersionKey.isTombstone(VersionKey.flag(false))).isFalse();
    }

    @Test
    void aLeaseBoundsItsOwnKeys() {
        byte[] row = LeaseKey.of(7, bytes("k"));
        assertThat(LeaseKey.userKey(row)).isEqualTo(bytes("k"));
        assertThat(List.of(LeaseKey.of(7), row, LeaseKey.of(7, bytes("\u00ff\u00ff")), LeaseKey.of(8)))
                .isSortedAccordingTo(Arrays::compareUnsigned);
        assertThat(LeaseKey.hi(7)).isEqualTo(LeaseKey.of(8));
        assertThat(LeaseKey.hi(-1)).isNull();
        assertThat(LeaseKey.of(1, EMPTY)).isEqualTo(LeaseKey.of(1));
    }

    @Test
    void aLeaseRowIsTheMessageOfEtcdWithAFieldOfOurOwnBehindIt() {
        assertThat(new LeaseRow(1, 60, 0, 0).write()).containsExactly(0x08, 1, 0x10, 60);
        assertThat(new LeaseRow(1, 60, 5, 300).write()).containsExactly(0x08, 1, 0x10, 60, 0x18, 5, 0x78, 0xAC, 2);
    }

    @Test
    void aLeaseRowComesBackAsItWasWritten() {
        for (long number : new long[] {1, 127, 128, 9_000_000_000L, Long.MAX_VALUE, -1, Long.MIN_VALUE}) {
            var row = new LeaseRow(number, number, number, number);
            assertThat(LeaseRow.read(row.write())).isEqualTo(row);
            var whole = new LeaseRow(number, 2, 0, number);
            assertThat(LeaseRow.read(whole.write())).isEqualTo(whole);
        }
    }

    @Test
    void aLeaseLivesForWhatIsLeftOrElseForItsWholeTime() {
        assertThat(new LeaseRow(1, 60, 0, 9).lifeSeconds()).isEqualTo(60);
        assertThat(new LeaseRow(1, 60, 0, 9).withRemaining(7).lifeSeconds()).isEqualTo(7);
    }

    @Test
    void aLeaseRowOfAnotherMakingIsRefused() {
        assertThatThrownBy(() -> LeaseRow.read(new byte[] {0x20, 1})).isInstanceOf(IllegalArgumentException.class);
    }
}
