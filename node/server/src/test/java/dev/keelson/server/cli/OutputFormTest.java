package dev.keelson.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.keelson.api.etcd.DeleteRangeResponse;
import dev.keelson.api.etcd.HashKVResponse;
import dev.keelson.api.etcd.PutResponse;
import dev.keelson.api.etcd.RangeResponse;
import dev.keelson.api.etcd.ResponseHeader;
import dev.keelson.api.etcd.ResponseOp;
import dev.keelson.api.etcd.StatusResponse;
import dev.keelson.api.etcd.TxnResponse;
import dev.keelson.api.mvcc.KeyValue;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What etcdctl 3.7.1 printed for the same answers. */
final class OutputFormTest {

    private static final ResponseHeader HEADER = ResponseHeader.newBuilder()
            .setClusterId(0xaaaf4741e47d2c01L)
            .setMemberId(0x375cb68728f8d939L)
            .setRevision(3)
            .setRaftTerm(2)
            .build();
    private static final String HEADER_JSON =
            "\"header\":{\"cluster_id\":12299127455703968769,\"member_id\":3989264061567654201,\"revision\":3,\"raft_term\":2}";

    @Test
    void keysAndValuesAreInBase64AndZerosLeftOut() {
        var answer = RangeResponse.newBuilder()
                .setHeader(HEADER)
                .addKvs(KeyValue.newBuilder()
                        .setKey(ByteString.copyFromUtf8("a"))
                        .setCreateRevision(2)
                        .setModRevision(3)
                        .setVersion(2)
                        .setValue(ByteString.copyFromUtf8("2")))
                .setCount(1)
                .build();

        assertThat(ProtoJson.of(answer))
                .isEqualTo("{" + HEADER_JSON
                        + ",\"kvs\":[{\"key\":\"YQ==\",\"create_revision\":2,\"mod_revision\":3,\"version\":2,"
                        + "\"value\":\"Mg==\"}],\"count\":1}");
    }

    @Test
    void signedNumbersKeepTheirSignAndUnsignedOnesTheirSize() {
        var answer =
                HashKVResponse.newBuilder().setHash(-1).setCompactRevision(-1).build();

        assertThat(ProtoJson.of(answer)).isEqualTo("{\"hash\":4294967295,\"compact_revision\":-1}");
    }

    @Test
    void theAnswersOfATransactionStandInsideAnObjectEach() {
        var answer = TxnResponse.newBuilder()
                .setSucceeded(true)
                .addResponses(ResponseOp.newBuilder()
                        .setResponsePut(PutResponse.newBuilder().setHeader(HEADER)))
                .addResponses(ResponseOp.newBuilder().setResponseDeleteRange(DeleteRangeResponse.getDefaultInstance()))
                .build();

        assertThat(ProtoJson.of(answer))
                .isEqualTo("{\"succeeded\":true,\"responses\":[{\"Response\":{\"response_put\":{" + HEADER_JSON
                        + "}}},{\"Response\":{\"response_delete_range\":{}}}]}");
    }

    @Test
    void textsAreEscapedAsGoDoes() {
        var answer = StatusResponse.newBuilder().setVersion("<a>&\"\\\n\u0001é").build();

        assertThat(ProtoJson.of(answer)).isEqualTo("{\"version\":\"\\u003ca\\u003e\\u0026\\\"\\\\\\n\\u0001é\"}");
    }

    @Test
    void aTableHasItsHeadingCentredAndItsRowsToTheRight() {
        var table = new Table(List.of("ENDPOINT", "HASH REVISION"));

        table.add(List.of("127.0.0.1:17379", "5"));

        assertThat(table.lines())
                .containsExactly(
                        "┌─────────────────┬───────────────┐",
                        "│    ENDPOINT     │ HASH REVISION │",
                        "├─────────────────┼───────────────┤",
                        "│ 127.0.0.1:17379 │             5 │",
                        "└─────────────────┴───────────────┘");
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0 B",
        "9, 9 B",
        "10, 10 B",
        "999, 999 B",
        "1000, 1.0 kB",
        "16384, 16 kB",
        "20480, 20 kB",
        "2147483648, 2.1 GB"
    })
    void sizesHaveOneDecimalBelowTen(long bytes, String text) {
        assertThat(GoText.size(bytes)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({
        "12, 12ns",
        "100167, 100.167µs",
        "3150221, 3.150221ms",
        "5000000, 5ms",
        "1500000000, 1.5s",
        "20000000000, 20s"
    })
    void durationsHaveGosUnits(long nanos, String text) {
        assertThat(GoText.duration(nanos)).isEqualTo(text);
    }
}
