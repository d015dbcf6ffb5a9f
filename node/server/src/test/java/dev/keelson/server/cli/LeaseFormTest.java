package dev.keelson.server.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.keelson.api.etcd.LeaseGrantResponse;
import dev.keelson.api.etcd.LeaseKeepAliveResponse;
import dev.keelson.api.etcd.LeaseLeasesResponse;
import dev.keelson.api.etcd.LeaseStatus;
import dev.keelson.api.etcd.LeaseTimeToLiveResponse;
import dev.keelson.api.etcd.ResponseHeader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What etcdctl 3.7.1 printed for the same answers. */
final class LeaseFormTest {

    private static final ResponseHeader HEADER = ResponseHeader.newBuilder()
            .setClusterId(7)
            .setMemberId(8)
            .setRevision(41)
            .setRaftTerm(2)
            .build();
    private static final String FIELDS = "{\"cluster_id\":7,\"member_id\":8,\"revision\":41,\"raft_term\":2,";

    private static LeaseTimeToLiveResponse.Builder timeToLive() {
        return LeaseTimeToLiveResponse.newBuilder()
                .setHeader(HEADER)
                .setID(0x4f)
                .setTTL(99)
                .setGrantedTTL(100);
    }

    @Test
    void aGrant() {
        var answer = LeaseGrantResponse.newBuilder()
                .setHeader(HEADER)
                .setID(0x66e9a2157c036d70L)
                .setTTL(100)
                .build();

        assertThat(LeaseForm.text(answer)).isEqualTo("lease 66e9a2157c036d70 granted with TTL(100s)");
        assertThat(LeaseForm.json(answer)).isEqualTo(FIELDS + "\"ID\":7415636474600844656,\"TTL\":100,\"Error\":\"\"}");
    }

    @Test
    void aRenewal() {
        var answer = LeaseKeepAliveResponse.newBuilder()
                .setHeader(HEADER)
                .setID(0x4f)
                .setTTL(100)
                .build();

        assertThat(LeaseForm.text(answer)).isEqualTo("lease 000000000000004f keepalived with TTL(100)");
        assertThat(LeaseForm.json(answer)).isEqualTo(FIELDS + "\"ID\":79,\"TTL\":100}");
    }

    @Test
    void aTimeToLiveWithAndWithoutKeys() {
        LeaseTimeToLiveResponse none = timeToLive().build();
        LeaseTimeToLiveResponse two = timeToLive()
                .addKeys(ByteString.copyFromUtf8("a"))
                .addKeys(ByteString.copyFromUtf8("b"))
                .build();

        assertThat(LeaseForm.text(none, false))
                .isEqualTo("lease 000000000000004f granted with TTL(100s), remaining(99s)");
        assertThat(LeaseForm.text(none, true))
                .isEqualTo("lease 000000000000004f granted with TTL(100s), remaining(99s), attached keys([])");
        assertThat(LeaseForm.text(two, true)).endsWith(", attached keys([a b])");
        assertThat(LeaseForm.json(none)).isEqualTo(FIELDS + "\"id\":79,\"ttl\":99,\"granted-ttl\":100,\"keys\":null}");
        assertThat(LeaseForm.json(two)).endsWith("\"keys\":[\"YQ==\",\"Yg==\"]}");
    }

    @Test
    void aLeaseThatIsNotThere() {
        var answer = LeaseTimeToLiveResponse.newBuilder()
                .setID(0x1234abcd)
                .setTTL(-1)
                .build();

        assertThat(LeaseForm.text(answer, true)).isEqualTo("lease 000000001234abcd already expired");
        assertThat(LeaseForm.json(answer)).isEqualTo("{\"id\":305441741,\"ttl\":-1,\"granted-ttl\":0,\"keys\":null}");
    }

    @Test
    void aListOfLeases() {
        var none = LeaseLeasesResponse.newBuilder().setHeader(HEADER).build();
        var two = none.toBuilder()
                .addLeases(LeaseStatus.newBuilder().setID(0x4f))
                .addLeases(LeaseStatus.newBuilder().setID(-5))
                .build();

        assertThat(LeaseForm.text(none)).isEqualTo("found 0 leases");
        assertThat(LeaseForm.text(two).lines())
                .containsExactly("found 2 leases", "000000000000004f", "-000000000000005");
        assertThat(LeaseForm.json(none)).isEqualTo(FIELDS + "\"leases\":[]}");
        assertThat(LeaseForm.json(two)).isEqualTo(FIELDS + "\"leases\":[{\"id\":79},{\"id\":-5}]}");
    }

    @ParameterizedTest
    @CsvSource({
        "100, 10, 100",
        "+5, 10, 5",
        "-5, 16, -5",
        "4f, 16, 79",
        "4F, 16, 79",
        "7fffffffffffffff, 16, 9223372036854775807",
        "-8000000000000000, 16, -9223372036854775808"
    })
    void numbersAreReadAsGoReadsThem(String text, int radix, long number) {
        assertThat(GoNumber.parse(text, radix)).isEqualTo(number);
    }

    @ParameterizedTest
    @CsvSource({
        "abc, 10, invalid syntax",
        "zz, 16, invalid syntax",
        "0x4f, 16, invalid syntax",
        "'', 10, invalid syntax",
        "1_000, 10, invalid syntax",
        "8000000000000000, 16, value out of range",
        "12345678901234567890, 16, value out of range"
    })
    void otherTextsAreRefusedInGosWords(String text, int radix, String complaint) {
        assertThatThrownBy(() -> GoNumber.parse(text, radix))
                .isInstanceOf(NumberFormatException.class)
                .hasMessage("strconv.ParseInt: parsing \"" + text + "\": " + complaint);
    }
}
