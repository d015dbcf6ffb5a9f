package dev.keelson.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.keelson.engine.EngineConfig;
import dev.keelson.engine.Member;
import dev.keelson.server.member.MemberConfig;
import dev.keelson.server.port.ListenAddress;
import dev.keelson.server.tracing.TracingConfig;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class NodeConfigTest {

    private static NodeConfig parse(String line) {
        return NodeConfig.parse(line.isEmpty() ? List.of() : List.of(line.split(" ", -1)), Map.of());
    }

    private static FlagException refusal(String line) {
        return catchThrowableOfType(FlagException.class, () -> parse(line));
    }

    @Test
    void withoutAnyFlagAMemberIsAClusterOfItsOwn() {
        MemberConfig member = parse("").member();

        assertThat(member.self().name()).isEqualTo("default");
        assertThat(member.initialMembers())
                .extracting(Member::id)
                .containsExactly(member.self().id());
        assertThat(member.dataDirectory()).isEqualTo(Path.of("default.etcd"));
        assertThat(member.addresses().client())
                .containsExactly(new ListenAddress("listen-client-urls", "localhost", 2379));
        assertThat(member.addresses().peer()).containsExactly(new ListenAddress("listen-peer-urls", "localhost", 2380));
        assertThat(member.timing()).isEqualTo(new MemberConfig.Timing(100, 10, 600_000));
        assertThat(member.maintenance().quotaBytes()).isEqualTo(2L << 30);
        assertThat(member.limits().syncs()).isTrue();
    }

    @Test
    void theFolderIsNamedAfterTheMember() {
        assertThat(parse("--name a").member().dataDirectory()).isEqualTo(Path.of("a.etcd"));
    }

    @Test
    void membersOfAClusterKnowEachOtherByTheSameIds() {
        String cluster = " --initial-cluster a=http://127.0.0.1:1,a=http://127.0.0.1:2,b=http://127.0.0.1:3"
                + " --listen-peer-urls http://127.0.0.1:9 --initial-advertise-peer-urls ";

        MemberConfig a = parse("--name a" + cluster + "http://127.0.0.1:2,http://127.0.0.1:1")
                .member();
        MemberConfig b = parse("--name b" + cluster + "http://127.0.0.1:3").member();

        assertThat(a.clusterId()).isEqualTo(b.clusterId());
        assertThat(a.initialMembers())
                .extracting(Member::id)
                .containsExactly(a.self().id(), b.self().id());
        assertThat(b.initialMembers()).isEqualTo(a.initialMembers());
    }

    @Test
    void anotherTokenMakesAnotherCluster() {
        assertThat(parse("--initial-cluster-token x").member().clusterId())
                .isNotEqualTo(parse("").member().clusterId());
    }

    @Test
    void addressesForHttpServeClientsAndThoseForProbesDoNot() {
        MemberConfig member = parse(
                        "--listen-metrics-urls http://127.0.0.1:2381 --listen-client-http-urls http://:2382")
                .member();

        assertThat(member.addresses().client())
                .extracting(ListenAddress::toString)
                .containsExactly("localhost:2379", "0.0.0.0:2382");
        assertThat(member.addresses().metrics())
                .extracting(ListenAddress::toString)
                .containsExactly("127.0.0.1:2381");
    }

    @Test
    void aMemberObservesWhatTheFlagsSay() {
        MemberConfig.Observation observation = parse("--metrics=extensive --warning-apply-duration=2s"
                        + " --enable-distributed-tracing --distributed-tracing-address=127.0.0.1:9"
                        + " --distributed-tracing-instance-id=a --distributed-tracing-sampling-rate=1000000")
                .member()
                .observation();

        assertThat(observation.extensive()).isTrue();
        assertThat(observation.slowApplyMillis()).isEqualTo(2_000);
        assertThat(observation.tracing()).isEqualTo(new TracingConfig("127.0.0.1:9", "etcd", "a", 1_000_000));
    }

    @Test
    void nobodyIsSentSpansUnlessAsked() {
        MemberConfig member = parse("--distributed-tracing-sampling-rate=7").member();

        assertThat(member.observation().tracing()).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--enable-distributed-tracing --distributed-tracing-sampling-rate=-1",
                "--enable-distributed-tracing --distributed-tracing-sampling-rate=1000001"
            })
    void observationsThatCannotBeMadeAreRefused(String flag) {
        assertThat(refusal(flag)).hasMessageContaining("give");
    }

    @Test
    void logLinesGoWhereTheFlagSays() {
        NodeConfig.Log log = parse("--log-outputs stderr,/tmp/k.log --log-level debug --log-format console")
                .log();

        assertThat(log).isEqualTo(new NodeConfig.Log("debug", false, List.of("stderr", "/tmp/k.log"), null));
    }

    @Test
    void aMemberThatJoinsIsToldSoAndWhatItMayLetClientsChange() {
        MemberConfig.Membership joining = parse(
                        "--initial-cluster-state existing --strict-reconfig-check=false --max-learners 3")
                .member()
                .membership();

        assertThat(joining)
                .isEqualTo(new MemberConfig.Membership(true, false, new EngineConfig.Reconfiguration(false, 3)));
        assertThat(parse("").member().membership()).isEqualTo(MemberConfig.Membership.FOUNDING);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "--initial-cluster=a=http://127.0.0.1:2380 | --initial-cluster=a=http://127.0.0.1:2380: couldn't find local name \"default\" in the initial cluster configuration; check --name",
                "--initial-cluster=default=http://127.0.0.1:1 | --initial-cluster has default=http://127.0.0.1:1 but --initial-advertise-peer-urls is http://localhost:2380; they must be equal",
                "--initial-cluster=http://127.0.0.1:1 | --initial-cluster=http://127.0.0.1:1: \"http://127.0.0.1:1\" is not name=URL",
                "--initial-cluster=default=http://localhost:2380,b=http://localhost:2380 | --initial-cluster=default=http://localhost:2380,b=http://localhost:2380: http://localhost:2380 is given twice, for default and for b",
                "--election-timeout=499 | --election-timeout[499ms] should be at least as 5 times as --heartbeat-interval[100ms]; raise the one or lower the other",
                "--election-timeout=50001 | --election-timeout[50001ms] is too long, and should be set less than 50000ms",
                "--heartbeat-interval=0 | --heartbeat-interval=0: must be more than 0",
                "--listen-client-urls=http://127.0.0.1:1 | --advertise-client-urls is required when --listen-client-urls is set explicitly",
                "--listen-peer-urls=http://127.0.0.1 | --listen-peer-urls=http://127.0.0.1: URL must have a port, as in http://127.0.0.1:2379",
                "--listen-peer-urls=http://db.example:1 | --listen-peer-urls=http://db.example:1: expected an IP address to listen on; give one, or 0.0.0.0 for all",
                "--listen-peer-urls=http://127.0.0.1:1/x | --listen-peer-urls=http://127.0.0.1:1/x: URL must not contain a path; leave it out",
                "--listen-peer-urls=unix:///run/k | --listen-peer-urls=unix:///run/k: there are no Unix sockets in this version; give a URL such as http://127.0.0.1:2379",
                "--listen-peer-urls=ftp://127.0.0.1:1 | --listen-peer-urls=ftp://127.0.0.1:1: URL scheme must be http or https; give a URL such as http://127.0.0.1:2379",
                "--listen-peer-urls=http://localhost:2379 | --listen-peer-urls: localhost:2379 is given twice, in --listen-client-urls too; every address needs a port of its own",
                "--name= | --name is empty; give every member a name of its own",
                "--discovery-srv=x | --discovery-srv=x: not available in this version; leave the flag out",
                "--log-format=xml | invalid value \"xml\" for --log-format: give json or console",
                "--log-level=loud | invalid value \"loud\" for --log-level: give debug, info, warn, error, panic or fatal"
            })
    void contradictionsAreRefusedWithTheFlagTheValueAndWhatToDo(String line, String message) {
        FlagException refusal = refusal(line);

        assertThat(refusal).hasMessage(message);
        assertThat(refusal.exitCode()).isEqualTo(1);
    }

    @Test
    void anUnknownStateIsRefusedAsSyntax() {
        FlagException refusal = refusal("--initial-cluster-state=old");

        assertThat(refusal).hasMessage("invalid value \"old\" for --initial-cluster-state: give new or existing");
        assertThat(refusal.exitCode()).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"--auto-tls=false", "--cert-file=", "--discovery-srv="})
    void aRefusedFlagMayStandWithItsDefault(String line) {
        assertThat(parse(line).warnings()).isEmpty();
    }

    @Test
    void theHelpNamesEveryFlagOfTheTable() {
        String help = Help.text();

        assertThat(FlagTable.ALL)
                .allSatisfy(flag -> assertThat(help).containsPattern("[ *!] --" + flag.name() + "[ =]"));
    }
}
