package dev.keelson.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** The ids expected here are those that etcd 3.7.1 logged when it was started with the same flags. */
final class ClusterIdsTest {

    @Test
    void theOnlyMemberOfAClusterHasEtcdsIds() {
        long member = ClusterIds.member(List.of("http://127.0.0.1:17380"), "tkn");

        assertThat(Long.toHexString(member)).isEqualTo("375cb68728f8d939");
        assertThat(Long.toHexString(ClusterIds.cluster(List.of(member)))).isEqualTo("aaaf4741e47d2c01");
    }

    @Test
    void aMemberWithTwoUrlsHasEtcdsIdWhateverTheirOrder() {
        List<String> urls = List.of("http://127.0.0.1:16381", "http://127.0.0.1:16380");

        long member = ClusterIds.member(urls, "etcd-cluster");

        assertThat(Long.toHexString(member)).isEqualTo("f1092e9fe03036eb");
    }

    @Test
    void threeMembersHaveEtcdsClusterIdWhateverTheirOrder() {
        List<Long> members = List.of(0xf1092e9fe03036ebL, 0x343dea5aeb0ebe18L, 0x9c07489c7561a207L);

        long cluster = ClusterIds.cluster(members);

        assertThat(Long.toHexString(cluster)).isEqualTo("d5fa4d35addd1e8b");
    }
}
