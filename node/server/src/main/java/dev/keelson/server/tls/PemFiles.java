package dev.keelson.server.tls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.cert.CRL;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;

/**
 * Reads certificates, keys and lists of revoked certificates.
 *
 * <p>Thread rule: stateless.
 */
final class PemFiles {

    /** The largest file that is read: a bundle of some thousand authorities, or a long list. */
    private static final long BYTES_MAX = 64L << 20;

    private PemFiles() {}

    /** One certificate or several, in the order of the file. */
    static List<X509Certificate> certificates(TlsConfig.Source source) {
        byte[] bytes = read(source);
        try {
            var certificates = new ArrayList<X509Certificate>();
            for (Certificate each : factory().generateCertificates(new ByteArrayInputStream(bytes))) {
                certificates.add((X509Certificate) each);
            }
            if (!certificates.isEmpty()) {
                return List.copyOf(certificates);
            }
        } catch (GeneralSecurityException malformed) {
            throw new TlsException(
                    source + ": a certificate in it cannot be read (" + malformed.getMessage()
                            + "); give a PEM file of whole certificates",
                    malformed);
        }
        throw new TlsException(source, "it has no certificate; give a PEM file with BEGIN CERTIFICATE in it");
    }

    /** The first private key of the file, in any of the forms that OpenSSL writes without a password. */
    static PrivateKey key(TlsConfig.Source source) {
        byte[] bytes = read(source);
        try (var parser = new PEMParser(new StringReader(new String(bytes, StandardCharsets.ISO_8859_1)))) {
            var converter = new JcaPEMKeyConverter();
            for (Object found = parser.readObject(); found != null; found = parser.readObject()) {
                switch (found) {
                    case PEMKeyPair pair -> {
                        return converter.getPrivateKey(pair.getPrivateKeyInfo());
                    }
                    case PrivateKeyInfo key -> {
                        return converter.getPrivateKey(key);
                    }
                    // Parameters of a curve come before the key they belong to, certificates anywhere.
                    default -> {}
                }
            }
        } catch (IOException malformed) {
            throw new TlsException(
                    source + ": the key in it cannot be read (" + malformed.getMessage()
                            + "); give a PEM file with a private key without a password",
                    malformed);
        }
        throw new TlsException(source, "it has no key; give a PEM file with a private key without a password");
    }

    /** Lists of revoked certificates, as PEM or, as etcd takes it, as DER. */
    static List<X509CRL> revocations(TlsConfig.Source source) {
        byte[] bytes = read(source);
        try {
            var lists = new ArrayList<X509CRL>();
            for (CRL each : factory().generateCRLs(new ByteArrayInputStream(bytes))) {
                lists.add((X509CRL) each);
            }
            if (!lists.isEmpty()) {
                return List.copyOf(lists);
            }
        } catch (GeneralSecurityException malformed) {
            throw new TlsException(
                    source + ": it cannot be read (" + malformed.getMessage()
                            + "); give a list of revoked certificates, PEM or DER",
                    malformed);
        }
        throw new TlsException(source, "it has no list of revoked certificates; give one, PEM or DER");
    }

    private static CertificateFactory factory() throws GeneralSecurityException {
        return CertificateFactory.getInstance("X.509");
    }

    private static byte[] read(TlsConfig.Source source) {
        Path path = source.path();
        try {
            long size = Files.size(path);
            if (size > BYTES_MAX) {
                throw new TlsException(source, "it has " + size + " bytes; give one of at most " + BYTES_MAX);
            }
            return Files.readAllBytes(path);
        } catch (IOException failure) {
            throw new TlsException(
                    source + ": " + reason(failure) + "; give a file that this process may read", failure);
        }
    }

    private static String reason(IOException failure) {
        return switch (failure) {
            case NoSuchFileException _ -> "there is no such file";
            case AccessDeniedException _ -> "this process may not read it";
            default -> "it cannot be read (" + failure.getMessage() + ")";
        };
    }
}
