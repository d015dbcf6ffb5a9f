package dev.keelson.server.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keelson.server.config.NodeConfig;
import dev.keelson.server.member.MemberConfig;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

final class LocalOptionsTest {

    private static LocalOptions options(String... words) {
        var options = new LocalOptions();
        new CommandLine(options).parseArgs(words);
        return options;
    }

    @Test
    void threeMembersAreStandardOnTheUsualPorts() {
        assertThat(options().endpoints()).isEqualTo("127.0.0.1:2379,127.0.0.1:12379,127.0.0.1:22379");
    }

    @Test
    void aHighBasePortPutsTheMembersSideBySide() {
        assertThat(options("--base-port", "30000").endpoints())
                .isEqualTo("127.0.0.1:30000,127.0.0.1:30002,127.0.0.1:30004");
    }

    @Test
    void theFlagsOfAllMembersDescribeOneCluster() {
        LocalOptions options = options("--members", "5");

        var members = IntStream.rangeClosed(1, 5)
                .mapToObj(member ->
                        NodeConfig.parse(options.flags(member), Map.of()).member())
                .toList();

        assertThat(members)
                .extracting(MemberConfig::clusterId)
                .containsOnly(members.getFirst().clusterId());
        assertThat(members).extracting(member -> member.self().id()).doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--members=0 | --members=0: give 1 to 7",
                "--members=8 | --members=8: give 1 to 7",
                "--base-port=65534 | --base-port=65534: the last member's port would be 65539, give a lower one",
                "--base-port=0 | --base-port=0: give 1 or more"
            })
    void optionsThatCannotBeFollowedAreNamed(String word, String message) {
        assertThat(options(word).contradiction()).isEqualTo(message);
    }

    @Test
    void aDirectoryHoldsOneClusterForGood(@TempDir Path folder) {
        String data = folder.resolve("local").toString();

        assertThat(DirectoryMark.claim(options("--data-dir", data))).isEmpty();
        assertThat(DirectoryMark.claim(options("--data-dir", data))).isEmpty();
        assertThat(DirectoryMark.claim(options("--data-dir", data, "--members", "5")))
                .contains(data + " holds a cluster of --members 3 --base-port 2379; start it with these, or choose"
                        + " another --data-dir");
    }
}
