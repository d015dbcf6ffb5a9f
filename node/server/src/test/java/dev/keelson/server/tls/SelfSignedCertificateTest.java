package dev.keelson.server.tls;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SelfSignedCertificateTest {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    @TempDir
    Path folder;

    private String ensureAt(Instant now) throws IOException {
        var wanted = new TlsConfig.SelfSigned(folder, List.of("10.0.0.1", "::1", "localhost"), 2);
        TlsConfig.Pair pair = SelfSignedCertificate.ensure(TlsConfig.Side.CLIENT, wanted, InstantSource.fixed(now));
        return Files.readString(pair.certificate().path())
                + Files.readString(pair.key().path());
    }

    @Test
    void itIsMadeOutForTheHostsAndHoldsForTheYears() throws Exception {
        ensureAt(NOW);

        X509Certificate made = PemFiles.certificates(new TlsConfig.Source("auto-tls", folder.resolve("cert.pem")))
                .getFirst();
        assertThat(CertificateNames.isFor("10.0.0.1", made)).isTrue();
        assertThat(CertificateNames.isFor("::1", made)).isTrue();
        assertThat(CertificateNames.isFor("localhost", made)).isTrue();
        assertThat(CertificateNames.isFor("10.0.0.2", made)).isFalse();
        assertThat(made.getNotAfter().toInstant()).isEqualTo(NOW.plus(Duration.ofDays(2 * 365)));
    }

    @Test
    void itIsKeptUntilItHasExpired() throws IOException {
        String made = ensureAt(NOW);

        assertThat(ensureAt(NOW.plus(Duration.ofDays(729)))).isEqualTo(made);
        assertThat(ensureAt(NOW.plus(Duration.ofDays(731)))).isNotEqualTo(made);
    }

    @Test
    void onePartWithoutTheOtherIsMadeAnew() throws IOException {
        String made = ensureAt(NOW);
        Files.delete(folder.resolve("key.pem"));

        assertThat(ensureAt(NOW)).isNotEqualTo(made);
    }
}
