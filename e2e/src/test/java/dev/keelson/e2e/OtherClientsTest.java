package dev.keelson.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keelson.e2e.harness.Cluster;
import dev.keelson.e2e.harness.Installed;
import dev.keelson.e2e.harness.Tools;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The etcd clients that npm and PyPI users install, unchanged, against one and three members: watches, leases, locks,
 * elections. The tests themselves are in the clients' languages, in {@code e2e/clients}.
 */
class OtherClientsTest {

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void theClientOfNpmWorks(int members) {
        Installed etcd3 = Installed.node();
        try (Cluster cluster = Cluster.start(Tools.server(), "npm-" + members, members)) {
            report("npm etcd3", "# pass (\\d+)", etcd3.testAgainst(cluster), members);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void theClientsOfPyPiWork(int members) {
        try (Cluster cluster = Cluster.start(Tools.server(), "pypi-" + members, members)) {
            python(cluster, "test_etcd3", "etcd3", members);
            python(cluster, "test_etcd_sdk_python", "others", members);
            python(cluster, "test_aetcd", "others", members);
            python(cluster, "test_etcd3gw", "others", members);
        }
    }

    private static void python(Cluster cluster, String test, String packages, int members) {
        String output = Installed.python(test, packages).testAgainst(cluster);
        report("PyPI " + test.substring("test_".length()), "Ran (\\d+) tests", output, members);
    }

    private static void report(String client, String summary, String output, int members) {
        Matcher count = Pattern.compile(summary).matcher(output);
        assertThat(count.find()).as(output).isTrue();
        assertThat(Integer.parseInt(count.group(1))).as(output).isPositive();
        System.out.printf("%s: %s tests passed against %d members%n", client, count.group(1), members);
    }
}
