package dev.keelson.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keelson.e2e.harness.Run;
import dev.keelson.e2e.harness.Tools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Runs etcd's own black-box tests against Keelson.
 *
 * <p>Of the tests of KV, transactions, compaction, status and members all run that need no TLS; each test's other profile
 * wants certificates.
 */
class CommonSuiteTest {

    private static final String WITHOUT_TLS =
            "^(TestKVPut|TestKVGet|TestKVDelete|TestTxnSucc|TestTxnFail|TestMemberList|TestStatus)$/^NoTLS$";
    private static final String OF_THEIR_OWN_CLUSTER =
            "^(TestKVGetNoQuorum|TestCompact|TestEndpointStatus|TestEndpointHashKV|TestEndpointHealth)$";

    @Test
    void etcdsTestsOfTheFirstServicesPassOnKeelson() throws IOException {
        Path bin = Files.createDirectories(Tools.workDirectory("common").resolve("bin"));
        Files.createSymbolicLink(bin.resolve("etcd"), Tools.keelson());
        for (String tool : List.of("etcdctl", "etcdutl")) {
            Files.createSymbolicLink(bin.resolve(tool), Tools.go(tool));
        }

        passes(bin, WITHOUT_TLS);
        passes(bin, OF_THEIR_OWN_CLUSTER);
    }

    private static void passes(Path bin, String tests) {
        Run.Result result = Run.command(
                        Tools.go("common.test").toString(),
                        "-test.v",
                        "-test.run",
                        tests,
                        "--bin-dir",
                        bin.toString())
                .in(suite())
                .with("E2E_TEST_MINIMAL", "true")
                .result();
        List<String> passed = result.output().lines()
                .filter(line -> line.strip().startsWith("--- PASS"))
                .toList();
        System.out.println("etcd's tests " + tests + ": " + passed.size() + " passed");
        assertThat(result.exitCode()).as(result.output()).isZero();
        assertThat(passed).isNotEmpty();
    }

    /** The folder of the suite in Go's module cache, where it looks for its fixtures. */
    private static Path suite() {
        Run.Result folder = Run.command("go", "list", "-m", "-f", "{{.Dir}}", "go.etcd.io/etcd/tests/v3")
                .in(Path.of("tools").toAbsolutePath())
                .result();
        return Path.of(folder.output().strip()).resolve("common");
    }
}
