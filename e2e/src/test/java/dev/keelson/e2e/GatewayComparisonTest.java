package dev.keelson.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keelson.e2e.harness.Cluster;
import dev.keelson.e2e.harness.GatewayScript;
import dev.keelson.e2e.harness.Tools;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * The same requests over HTTP to the real etcd and to Keelson, on the same ports, so that members have the same ids:
 * statuses, headers that mean something to a client, and bodies are compared. With {@code -De2e.server=etcd} etcd is
 * compared with itself, which shows that a difference is one of behaviour and none of chance.
 */
class GatewayComparisonTest {

    @Test
    void aClientOfTheJsonGatewayCannotTellKeelsonFromEtcd() {
        GatewayScript script = GatewayScript.read("gateway.script");
        List<Integer> ports = Cluster.freePorts(2);

        List<String> expected = transcript(Tools.go("etcd"), "gateway-etcd", ports, script, true);
        List<String> actual = transcript(Tools.server(), "gateway-server", ports, script, false);

        List<String> skipped = script.forEtcdAlone();
        System.out.printf("gateway: %d requests, %d of them to etcd alone:%n", script.size(), skipped.size());
        skipped.forEach(System.out::println);
        assertThat(differences(expected, actual)).isEmpty();
    }

    private static List<String> transcript(
            Path program, String test, List<Integer> ports, GatewayScript script, boolean isEtcd) {
        try (Cluster cluster = Cluster.prepare(program, test, ports)) {
            cluster.launch();
            List<String> transcript = script.run(cluster.members().getFirst(), isEtcd);
            Files.writeString(cluster.directory().resolve("transcript"), String.join("", transcript));
            return transcript;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static List<String> differences(List<String> expected, List<String> actual) {
        return IntStream.range(0, expected.size())
                .filter(i -> !expected.get(i).equals(actual.get(i)))
                .mapToObj(i -> "%netcd:    %s%nkeelson: %s".formatted(expected.get(i), actual.get(i)))
                .toList();
    }
}
