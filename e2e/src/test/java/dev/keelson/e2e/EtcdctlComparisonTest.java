package dev.keelson.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keelson.e2e.harness.Cluster;
import dev.keelson.e2e.harness.EtcdctlScript;
import dev.keelson.e2e.harness.Tools;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The same commands to the real etcd and to Keelson, on the same ports, so that members have the same ids; every line
 * of the answers is compared. With {@code -De2e.server=etcd} etcd is compared with itself, which shows that a
 * difference is one of behaviour and none of chance.
 */
class EtcdctlComparisonTest {

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void etcdctlCannotTellKeelsonFromEtcd(int members) {
        EtcdctlScript script = EtcdctlScript.read("etcdctl.script");
        List<Integer> ports = Cluster.freePorts(2 * members);

        List<String> expected = transcript(Tools.go("etcd"), "etcdctl-etcd-" + members, ports, script);
        List<String> actual = transcript(Tools.server(), "etcdctl-server-" + members, ports, script);

        System.out.printf("etcdctl: %d commands to %d members%n", script.size(), members);
        assertThat(differences(expected, actual)).isEmpty();
    }

    private static List<String> transcript(Path program, String test, List<Integer> ports, EtcdctlScript script) {
        try (Cluster cluster = Cluster.prepare(program, test, ports)) {
            cluster.launch();
            return script.run(cluster);
        }
    }

    private static List<String> differences(List<String> expected, List<String> actual) {
        return IntStream.range(0, expected.size())
                .filter(i -> !expected.get(i).equals(actual.get(i)))
                .mapToObj(i -> "%netcd:    %skeelson: %s".formatted(expected.get(i), actual.get(i)))
                .toList();
    }
}
