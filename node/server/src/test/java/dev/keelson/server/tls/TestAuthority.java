package dev.keelson.server.tls;

import io.netty.util.NetUtil;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.X509v2CRLBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.util.io.pem.PemGenerationException;

/** An authority that signs for tests, and puts into files what it has signed. */
public final class TestAuthority {

    private static final Duration DAY = Duration.ofDays(1);

    private final Path folder;
    private final X500Name name;
    private final KeyPair keys;
    private final Path file;
    private long serial;

    /** @param folder where its files go */
    public TestAuthority(Path folder, String commonName) {
        this.folder = folder;
        this.name = new X500Name("CN=" + commonName);
        this.keys = newKeys();
        this.file = folder.resolve(commonName + ".pem");
        write(file, sign(commonName, keys, Instant.now().plus(DAY), true));
    }

    /** A certificate that was signed, and its key. */
    public record Issued(Path certificate, Path key, X509Certificate parsed) {

        public TlsConfig.Pair pair(TlsConfig.Side side) {
            return new TlsConfig.Pair(
                    new TlsConfig.Source(side.flag("cert-file"), certificate),
                    new TlsConfig.Source(side.flag("key-file"), key));
        }
    }

    /** Its own certificate. */
    public Path file() {
        return file;
    }

    /** Signs for a day. */
    public Issued issue(String commonName, String... hosts) {
        return issue(commonName, Instant.now().plus(DAY), hosts);
    }

    public Issued issueExpired(String commonName, String... hosts) {
        return issue(commonName, Instant.now().minusSeconds(1), hosts);
    }

    private Issued issue(String commonName, Instant until, String... hosts) {
        KeyPair pair = newKeys();
        X509CertificateHolder signed = sign(commonName, pair, until, false, hosts);
        String stem = folder.resolve(name.toString().replace("CN=", "") + "-" + commonName + "-" + serial)
                .toString();
        Path certificate = Path.of(stem + ".pem");
        Path key = Path.of(stem + ".key");
        write(certificate, signed);
        try {
            write(key, new JcaPKCS8Generator(pair.getPrivate(), null));
            return new Issued(certificate, key, new JcaX509CertificateConverter().getCertificate(signed));
        } catch (GeneralSecurityException | PemGenerationException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** Writes a list of revoked certificates, as DER. */
    public Path revoke(Issued... revoked) {
        var list = new X509v2CRLBuilder(name, new Date());
        for (Issued each : revoked) {
            list.addCRLEntry(each.parsed().getSerialNumber(), new Date(), 0);
        }
        Path path = folder.resolve(name.toString().replace("CN=", "") + ".crl");
        try {
            Files.write(path, list.build(signer()).getEncoded());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        return path;
    }

    private org.bouncycastle.operator.ContentSigner signer() {
        try {
            return new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate());
        } catch (OperatorCreationException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private X509CertificateHolder sign(
            String commonName, KeyPair pair, Instant until, boolean authority, String... hosts) {
        serial++;
        try {
            var certificate = new JcaX509v3CertificateBuilder(
                    name,
                    BigInteger.valueOf(serial),
                    Date.from(until.minus(DAY.multipliedBy(2))),
                    Date.from(until),
                    new X500Name("CN=" + commonName),
                    pair.getPublic());
            certificate.addExtension(Extension.basicConstraints, true, new BasicConstraints(authority));
            List<GeneralName> names = Arrays.stream(hosts)
                    .map(host -> new GeneralName(
                            NetUtil.isValidIpV4Address(host) ? GeneralName.iPAddress : GeneralName.dNSName, host))
                    .toList();
            if (!names.isEmpty()) {
                certificate.addExtension(
                        Extension.subjectAlternativeName, false, new GeneralNames(names.toArray(GeneralName[]::new)));
            }
            return certificate.build(signer());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static KeyPair newKeys() {
        try {
            var keys = KeyPairGenerator.getInstance("EC");
            keys.initialize(256);
            return keys.generateKeyPair();
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static void write(Path path, Object pem) {
        var text = new StringWriter();
        try (var writer = new JcaPEMWriter(text)) {
            writer.writeObject(pem);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        try {
            Files.writeString(path, text.toString());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
