package dev.keelson.server.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PemFilesTest {

    /** As OpenSSL writes it, with the curve before the key; made for this test. */
    private static final String SEC1_KEY = """
            -----BEGIN EC PARAMETERS-----
            BggqhkjOPQMBBw==
            -----END EC PARAMETERS-----
            -----BEGIN EC PRIVATE KEY-----
            MHcCAQEEIOc9V//2GUjzswtE5+lMvyDkL0wPAVxodhKg2Qw9miHroAoGCCqGSM49
            AwEHoUQDQgAEr5I3iPcBE2wdCNghpPTV5p5/Tegz7RB5XF/0R3dWHFJe1cjPtL5N
            1A9ki/ezHZ5RlhrYmd2+VVcpqGEZ04U04Q==
            -----END EC PRIVATE KEY-----
            """;

    @TempDir
    Path folder;

    private TlsConfig.Source file(String text) throws IOException {
        return new TlsConfig.Source("key-file", Files.writeString(folder.resolve("f.pem"), text));
    }

    @Test
    void aKeyInTheFormOfOpensslIsRead() throws IOException {
        assertThat(PemFiles.key(file(SEC1_KEY)).getAlgorithm()).startsWith("EC");
    }

    @Test
    void aFileThatIsMissingOrHoldsSomethingElseIsNamedWithItsFlag() throws IOException {
        var missing = new TlsConfig.Source("cert-file", folder.resolve("none.pem"));

        assertThatThrownBy(() -> PemFiles.certificates(missing))
                .isInstanceOf(TlsException.class)
                .hasMessage("--cert-file=" + missing.path()
                        + ": there is no such file; give a file that this process may read");
        TlsConfig.Source empty = file("nothing");
        assertThatThrownBy(() -> PemFiles.key(empty))
                .hasMessageContaining("--key-file=")
                .hasMessageContaining("no key");
        assertThatThrownBy(() -> PemFiles.certificates(empty)).hasMessageContaining("certificate");
        assertThatThrownBy(() -> PemFiles.revocations(empty)).hasMessageContaining("list of revoked certificates");
    }

    @Test
    void aKeyOfAnotherCertificateIsFoundOut() {
        var authority = new TestAuthority(folder, "authority");
        TlsConfig.Pair one = authority.issue("one").pair(TlsConfig.Side.CLIENT);
        TlsConfig.Pair two = authority.issue("two").pair(TlsConfig.Side.CLIENT);

        assertThatThrownBy(() -> Credentials.read(new TlsConfig.Pair(one.certificate(), two.key())))
                .hasMessage(
                        two.key() + ": the key does not belong to " + one.certificate() + "; give the two of one pair");
    }
}
