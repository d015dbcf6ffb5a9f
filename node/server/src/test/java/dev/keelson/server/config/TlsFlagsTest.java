package dev.keelson.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.keelson.server.port.ListenAddress;
import dev.keelson.server.port.Security;
import dev.keelson.server.tls.TlsConfig;
import dev.keelson.server.tls.TlsConfig.Pair;
import dev.keelson.server.tls.TlsConfig.Source;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TlsFlagsTest {

    private static final String PAIR = "--cert-file c.pem --key-file k.pem ";
    private static final String PEER_PAIR = "--peer-cert-file pc.pem --peer-key-file pk.pem ";
    private static final String CA = "--trusted-ca-file ca.pem ";
    private static final String PEER_CA = "--peer-trusted-ca-file pca.pem ";

    private static NodeConfig parse(String line) {
        return NodeConfig.parse(List.of(line.strip().split(" +", -1)), Map.of());
    }

    private static TlsConfig client(String line) {
        return Objects.requireNonNull(parse(line).member().tls().client());
    }

    private static TlsConfig peer(String line) {
        return Objects.requireNonNull(parse(line).member().tls().peer());
    }

    @Test
    void everyFileOfTheFlagsIsKnownByItsFlag() {
        TlsConfig client = client(PAIR + CA + "--client-crl-file crl.der --client-cert-allowed-hostname a,b");
        TlsConfig peer = peer(PEER_PAIR + PEER_CA + "--peer-crl-file crl.pem --peer-cert-allowed-cn x,y"
                + " --peer-client-cert-file dc.pem --peer-client-key-file dk.pem");

        assertThat(client.own())
                .isEqualTo(new TlsConfig.InFiles(
                        new Pair(source("cert-file", "c.pem"), source("key-file", "k.pem")), null));
        assertThat(client.trust())
                .isEqualTo(new TlsConfig.Trust(
                        true,
                        source("trusted-ca-file", "ca.pem"),
                        source("client-crl-file", "crl.der"),
                        Set.of(),
                        Set.of("a", "b")));
        assertThat(peer.own())
                .isEqualTo(new TlsConfig.InFiles(
                        new Pair(source("peer-cert-file", "pc.pem"), source("peer-key-file", "pk.pem")),
                        new Pair(source("peer-client-cert-file", "dc.pem"), source("peer-client-key-file", "dk.pem"))));
        assertThat(peer.trust())
                .isEqualTo(new TlsConfig.Trust(
                        true,
                        source("peer-trusted-ca-file", "pca.pem"),
                        source("peer-crl-file", "crl.pem"),
                        Set.of("x", "y"),
                        Set.of()));
    }

    private static Source source(String flag, String path) {
        return new Source(flag, Path.of(path));
    }

    @Test
    void withoutAFlagNothingSpeaksTls() {
        assertThat(parse("--name a").member().tls().client()).isNull();
        assertThat(parse("--name a").member().tls().peer()).isNull();
    }

    @Test
    void aCertificateMadeHereIsForTheAddressesListenedOnAndLiesInTheDataFolder() {
        TlsConfig client = client("--auto-tls --data-dir d --self-signed-cert-validity 3"
                + " --listen-client-urls https://127.0.0.1:1,https://localhost:1 --advertise-client-urls https://x:1"
                + " --listen-metrics-urls http://127.0.0.2:3");
        TlsConfig peer = peer("--peer-auto-tls --data-dir d --listen-peer-urls https://[::1]:2");

        assertThat(client.own())
                .isEqualTo(
                        new TlsConfig.SelfSigned(Path.of("d/fixtures/client"), List.of("127.0.0.1", "localhost"), 3));
        assertThat(peer.own()).isEqualTo(new TlsConfig.SelfSigned(Path.of("d/fixtures/peer"), List.of("::1"), 1));
        assertThat(peer.trust()).isEqualTo(TlsConfig.Trust.NOBODY_ASKED);
    }

    @Test
    void someAddressesMaySpeakTlsAndOthersNot() {
        NodeConfig config = parse(
                PAIR + "--advertise-client-urls https://x:1"
                        + " --listen-client-urls https://127.0.0.1:1,http://127.0.0.1:2,http://127.0.0.1:3,https://127.0.0.1:3");

        assertThat(config.member().addresses().client())
                .extracting(ListenAddress::port, ListenAddress::security)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(1, Security.TLS),
                        org.assertj.core.groups.Tuple.tuple(2, Security.PLAIN),
                        org.assertj.core.groups.Tuple.tuple(3, Security.PLAIN_OR_TLS));
        assertThat(config.warnings())
                .containsExactly("scheme is http while key and cert files are present; --listen-client-urls:"
                        + " http://127.0.0.1:2 is served in the clear");
    }

    @Test
    void askingForCertificatesWithoutSayingWhoseIsAccepted() {
        NodeConfig config = parse(PAIR + "--client-cert-auth --listen-client-urls https://127.0.0.1:1"
                + " --advertise-client-urls https://x:1");

        assertThat(Objects.requireNonNull(config.member().tls().client())
                        .trust()
                        .demanded())
                .isTrue();
        assertThat(config.warnings())
                .containsExactly("--trusted-ca-file is not given: certificates of every authority that Java trusts"
                        + " are accepted");
    }

    @Test
    void certificatesGivenWinOverThoseMadeHere() {
        NodeConfig config = parse(PEER_PAIR + "--peer-auto-tls --listen-peer-urls https://127.0.0.1:1");

        assertThat(Objects.requireNonNull(config.member().tls().peer()).own()).isInstanceOf(TlsConfig.InFiles.class);
        assertThat(config.warnings())
                .containsExactly("ignoring --peer-auto-tls since --peer-cert-file=pc.pem is given");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--tls-min-version=TLS1.2 | TLSv1.2 TLSv1.3",
                "--tls-min-version= | TLSv1.2 TLSv1.3",
                "--tls-min-version=TLS1.3 | TLSv1.3",
                "--tls-max-version=TLS1.2 | TLSv1.2",
                "--tls-max-version=TLS1.3 | TLSv1.2 TLSv1.3"
            })
    void versionsLieBetweenTheFlags(String line, String versions) {
        assertThat(client(PAIR + line).protocols().versions()).containsExactly(versions.split(" ", -1));
    }

    @Test
    void cipherSuitesHaveTheirNamesOfTheStandardOrEtcds() {
        assertThat(client(PAIR + "--cipher-suites"
                                + " TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305")
                        .protocols()
                        .cipherSuites())
                .containsExactly(
                        "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--cert-file=c | --cert-file=c: --key-file is missing; give both or neither",
                "--peer-key-file=k | --peer-key-file=k: --peer-cert-file is missing; give both or neither",
                "--listen-client-urls=https://127.0.0.1:1 --advertise-client-urls=https://x:1 | --listen-client-urls: https://127.0.0.1:1 needs a certificate; give --cert-file and --key-file, or --auto-tls",
                "--listen-metrics-urls=https://127.0.0.1:1 | --listen-metrics-urls: https://127.0.0.1:1 needs a certificate; give --cert-file and --key-file, or --auto-tls",
                "--listen-peer-urls=https://127.0.0.1:1 | --listen-peer-urls: https://127.0.0.1:1 needs a certificate; give --peer-cert-file and --peer-key-file, or --peer-auto-tls",
                "--tls-min-version=TLS1.3 --tls-max-version=TLS1.2 | --tls-min-version=TLS1.3 is greater than --tls-max-version=TLS1.2; raise the one or lower the other",
                "--tls-max-version=TLS1.1 | --tls-max-version=TLS1.1: unexpected TLS version \"TLS1.1\"; give TLS1.2 or TLS1.3",
                "--tls-min-version=TLS1.3 --cipher-suites=X | --cipher-suites=X: cipher suites cannot be configured when only TLS1.3 is enabled; leave the flag out, or lower --tls-min-version",
                "--auto-tls --client-cert-auth | --auto-tls=true: nobody is verified by certificates that members make for themselves; give --cert-file and --key-file, or leave out --trusted-ca-file and all that goes with it",
                "--auto-tls --self-signed-cert-validity=0 | --self-signed-cert-validity=0: it is a number of years; give 1 to 1000",
                "--cert-file=c --key-file=k --client-crl-file=r | --client-crl-file is about certificates that nobody is asked for; give --trusted-ca-file, or leave the flag out",
                "--peer-cert-file=c --peer-key-file=k --peer-cert-allowed-hostname=h | --peer-cert-allowed-hostname is about certificates that nobody is asked for; give --peer-trusted-ca-file, or leave the flag out",
                "--peer-cert-file=c --peer-key-file=k --peer-trusted-ca-file=a --peer-cert-allowed-cn=x --peer-cert-allowed-hostname=y | --peer-cert-allowed-cn=x and --peer-cert-allowed-hostname=y are mutually exclusive; leave one of them out"
            })
    void contradictionsAreRefusedWithTheFlagTheValueAndWhatToDo(String line, String message) {
        FlagException refusal = catchThrowableOfType(FlagException.class, () -> parse(line));

        assertThat(refusal).hasMessage(message);
        assertThat(refusal.exitCode()).isEqualTo(1);
    }

    @Test
    void aCipherSuiteThatJavaDoesNotKnowIsRefusedWithThoseItDoes() {
        FlagException refusal =
                catchThrowableOfType(FlagException.class, () -> parse("--cipher-suites TLS_RSA_WITH_NULL"));

        assertThat(refusal)
                .hasMessageStartingWith("--cipher-suites=TLS_RSA_WITH_NULL: unexpected TLS cipher suite"
                        + " \"TLS_RSA_WITH_NULL\"; give some of ")
                .hasMessageContaining("TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384");
    }
}
