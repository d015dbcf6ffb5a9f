package dev.keelson.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keelson.e2e.harness.Cluster;
import dev.keelson.e2e.harness.Run;
import dev.keelson.e2e.harness.Tools;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The official Go client, unchanged, with the packages that applications build on: watches, leases, sessions, mutexes,
 * elections, transactions in memory, namespaces, ordered reads, mirrors, leased caches, naming, Kubernetes. The tests
 * themselves are written in Go, in {@code e2e/tools/clients}.
 */
class GoClientTest {

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void thePackagesOfTheGoClientDoWhatTheyPromise(int members) {
        try (Cluster cluster = Cluster.start(Tools.server(), "go-client-" + members, members)) {
            Run.Result result = Run.command(
                            Tools.go("clients.test").toString(),
                            "-test.v",
                            "-test.timeout=5m",
                            "-endpoints=" + cluster.endpoints())
                    .result();

            assertThat(result.exitCode()).as(result.output()).isZero();
            long passed = result.output()
                    .lines()
                    .filter(line -> line.startsWith("--- PASS"))
                    .count();
            assertThat(passed).as(result.output()).isPositive();
            System.out.printf("Go client: %d tests passed against %d members%n", passed, members);
        }
    }
}
