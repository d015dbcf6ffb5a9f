package dev.keelson.server.tls;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/**
 * Shows one certificate to everybody, whoever's certificates they say they take, as etcd does: a certificate that is
 * refused says more than none.
 *
 * <p>A key store would do the same, but one that is made in memory encrypts the key with thousands of rounds and decrypts it
 * again, for each context: a third of the time that a member took to start under TLS.
 *
 * <p>Thread rule: immutable.
 */
final class OwnKey extends X509ExtendedKeyManager {

    private static final String ALIAS = "own";

    private final Credentials own;
    private final String type;

    OwnKey(Credentials own) {
        this.own = own;
        this.type = own.chain().getFirst().getPublicKey().getAlgorithm();
    }

    private @Nullable String aliasFor(String keyType) {
        // What stands behind an underscore is how the certificate is signed, which is not ours to choose.
        return keyType.replaceFirst("_.*", "").equals(type) ? ALIAS : null;
    }

    private @Nullable String aliasFor(String[] keyTypes) {
        return Arrays.stream(keyTypes).anyMatch(keyType -> aliasFor(keyType) != null) ? ALIAS : null;
    }

    @Override
    public @Nullable String chooseEngineServerAlias(String keyType, Principal @Nullable [] issuers, SSLEngine engine) {
        return aliasFor(keyType);
    }

    @Override
    public @Nullable String chooseEngineClientAlias(
            String[] keyTypes, Principal @Nullable [] issuers, SSLEngine engine) {
        return aliasFor(keyTypes);
    }

    @Override
    public @Nullable String chooseServerAlias(String keyType, Principal @Nullable [] issuers, Socket socket) {
        return aliasFor(keyType);
    }

    @Override
    public @Nullable String chooseClientAlias(String[] keyTypes, Principal @Nullable [] issuers, Socket socket) {
        return aliasFor(keyTypes);
    }

    @Override
    public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
        return aliasFor(keyType) == null ? null : new String[] {ALIAS};
    }

    @Override
    public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
        return getServerAliases(keyType, issuers);
    }

    @Override
    public X509Certificate @Nullable [] getCertificateChain(String alias) {
        return alias.equals(ALIAS) ? own.chain().toArray(X509Certificate[]::new) : null;
    }

    @Override
    public @Nullable PrivateKey getPrivateKey(String alias) {
        return alias.equals(ALIAS) ? own.key() : null;
    }
}
