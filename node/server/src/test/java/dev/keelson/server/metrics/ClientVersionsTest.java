package dev.keelson.server.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Metadata;
import org.junit.jupiter.api.Test;

/** Clients may state any version: only so many are told apart. */
class ClientVersionsTest {

    private final ClientVersions versions = new ClientVersions();

    private static Metadata stating(String version) {
        var headers = new Metadata();
        headers.put(Metadata.Key.of("client-api-version", Metadata.ASCII_STRING_MARSHALLER), version);
        return headers;
    }

    private String text() {
        var out = new Exposition();
        versions.collect(out);
        return out.text();
    }

    @Test
    void requestsCountByVersionAndKind() {
        versions.count(stating("3.7"), false);
        versions.count(stating("3.7"), false);
        versions.count(stating("3.7"), true);
        versions.count(new Metadata(), false);

        assertThat(text())
                .contains("{client_api_version=\"3.7\",type=\"stream\"} 1\n")
                .contains("{client_api_version=\"3.7\",type=\"unary\"} 2\n")
                .contains("{client_api_version=\"unknown\",type=\"unary\"} 1\n");
    }

    @Test
    void versionsBeyondTheBoundCountTogether() {
        for (int version = 0; version < ClientVersions.DISTINCT_MAX + 5; version++) {
            versions.count(stating("v" + version), false);
        }
        versions.count(stating("v0"), false);

        assertThat(text().lines().filter(line -> !line.startsWith("#")))
                .hasSize(ClientVersions.DISTINCT_MAX + 1)
                .contains("etcd_server_client_requests_total{client_api_version=\"v0\",type=\"unary\"} 2")
                .contains("etcd_server_client_requests_total{client_api_version=\"other\",type=\"unary\"} 5");
    }
}
