package dev.keelson.server.tls;

import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;

/**
 * A private key and the certificates that say whose it is, its own first.
 *
 * <p>Thread rule: immutable.
 */
record Credentials(PrivateKey key, List<X509Certificate> chain) {

    private static final byte[] PROBE = {1};

    /** @throws TlsException when a file cannot be read, or the two do not belong together */
    static Credentials read(TlsConfig.Pair pair) {
        List<X509Certificate> chain = PemFiles.certificates(pair.certificate());
        PrivateKey key = PemFiles.key(pair.key());
        requireMatch(pair, key, chain.getFirst());
        return new Credentials(key, chain);
    }

    /** The JDK would only notice with the first client, and tell it no more than that nothing fits. */
    private static void requireMatch(TlsConfig.Pair pair, PrivateKey key, X509Certificate certificate) {
        boolean match;
        try {
            String algorithm = signatureOf(key);
            var signing = Signature.getInstance(algorithm);
            signing.initSign(key);
            signing.update(PROBE);
            byte[] signature = signing.sign();
            var verifying = Signature.getInstance(algorithm);
            verifying.initVerify(certificate.getPublicKey());
            verifying.update(PROBE);
            match = verifying.verify(signature);
        } catch (GeneralSecurityException _) {
            // Keys of different kinds, or of different lengths.
            match = false;
        }
        if (!match) {
            throw new TlsException(
                    pair.key(), "the key does not belong to " + pair.certificate() + "; give the two of one pair");
        }
    }

    private static String signatureOf(PrivateKey key) {
        return switch (key.getAlgorithm()) {
            case "RSA" -> "SHA256withRSA";
            case "EC", "ECDSA" -> "SHA256withECDSA";
            default -> key.getAlgorithm();
        };
    }

    /** Without the key, which belongs into no log. */
    @Override
    public String toString() {
        return "credentials of "
                + Arrays.toString(chain.stream()
                        .map(each -> each.getSubjectX500Principal().getName())
                        .toArray());
    }
}
