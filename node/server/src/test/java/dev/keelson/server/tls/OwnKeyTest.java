package dev.keelson.server.tls;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class OwnKeyTest {

    @Test
    void aCertificateIsShownToWhoeverTakesKeysOfItsKind(@TempDir Path folder) throws Exception {
        Credentials own = Credentials.read(
                new TestAuthority(folder, "authority").issue("alice").pair(TlsConfig.Side.CLIENT));
        var keys = new OwnKey(own);
        SSLEngine engine = SSLContext.getDefault().createSSLEngine();
        String kind = own.chain().getFirst().getPublicKey().getAlgorithm();

        String alias = keys.chooseEngineServerAlias(kind, null, engine);

        assertThat(alias).isNotNull();
        assertThat(keys.getPrivateKey(String.valueOf(alias))).isEqualTo(own.key());
        assertThat(keys.getCertificateChain(String.valueOf(alias))).containsExactlyElementsOf(own.chain());
        assertThat(keys.chooseEngineClientAlias(new String[] {"DSA", kind + "_RSA"}, null, engine))
                .isEqualTo(alias);
        assertThat(keys.chooseEngineServerAlias("DSA", null, engine)).isNull();
        assertThat(keys.chooseEngineClientAlias(new String[] {"DSA"}, null, engine))
                .isNull();
    }
}
