package dev.keelson.server.tls;

import io.netty.util.NetUtil;
import java.io.IOException;
import java.io.StringWriter;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * A certificate that a member has made for itself, in two files that lie where etcd puts them; made once and again when
 * it has expired.
 *
 * <p>Thread rule: by the one who starts the member.
 */
final class SelfSignedCertificate {

    private static final String CERTIFICATE_FILE = "cert.pem";
    private static final String KEY_FILE = "key.pem";
    private static final Duration YEAR = Duration.ofDays(365);
    private static final int SERIAL_BITS = 127;

    /** Clocks of machines differ, and a certificate from the future is refused. */
    private static final Duration CLOCK_DIFFERENCE_MAX = Duration.ofMinutes(5);

    private SelfSignedCertificate() {}

    /** Where the pair lies, after it has been made if there was none that holds. */
    static TlsConfig.Pair ensure(TlsConfig.Side side, TlsConfig.SelfSigned wanted, InstantSource clock) {
        String flag = side.flag("auto-tls");
        var pair = new TlsConfig.Pair(
                new TlsConfig.Source(flag, wanted.folder().resolve(CERTIFICATE_FILE)),
                new TlsConfig.Source(flag, wanted.folder().resolve(KEY_FILE)));
        try {
            if (!holds(pair, clock.instant())) {
                make(pair, wanted, clock.instant());
            }
            return pair;
        } catch (IOException | GeneralSecurityException | OperatorCreationException failure) {
            throw new TlsException(
                    "--" + flag + ": cannot make a certificate in " + wanted.folder() + ": " + failure
                            + "; this process must be able to write there",
                    failure);
        }
    }

    private static boolean holds(TlsConfig.Pair pair, Instant now) {
        if (!Files.exists(pair.certificate().path()) || !Files.exists(pair.key().path())) {
            return false;
        }
        X509Certificate found = Credentials.read(pair).chain().getFirst();
        try {
            found.checkValidity(Date.from(now));
            return true;
        } catch (CertificateException _) {
            return false;
        }
    }

    private static void make(TlsConfig.Pair pair, TlsConfig.SelfSigned wanted, Instant now)
            throws IOException, GeneralSecurityException, OperatorCreationException {
        var random = new SecureRandom();
        var keys = KeyPairGenerator.getInstance("EC");
        keys.initialize(new ECGenParameterSpec("secp256r1"), random);
        KeyPair made = keys.generateKeyPair();
        X509CertificateHolder certificate = certificate(made, wanted, now, new BigInteger(SERIAL_BITS, random));
        Files.createDirectories(wanted.folder());
        // The key last: without it, or with that of another, nothing is taken for a pair that holds.
        Files.deleteIfExists(pair.key().path());
        write(pair.certificate().path(), certificate);
        write(pair.key().path(), new JcaPKCS8Generator(made.getPrivate(), null));
    }

    private static X509CertificateHolder certificate(
            KeyPair keys, TlsConfig.SelfSigned wanted, Instant now, BigInteger serial)
            throws IOException, OperatorCreationException {
        var name = new X500Name("O=keelson");
        return new JcaX509v3CertificateBuilder(
                        name,
                        serial,
                        Date.from(now.minus(CLOCK_DIFFERENCE_MAX)),
                        Date.from(now.plus(YEAR.multipliedBy(wanted.years()))),
                        name,
                        keys.getPublic())
                .addExtension(Extension.basicConstraints, true, new BasicConstraints(true))
                .addExtension(
                        Extension.keyUsage,
                        true,
                        new KeyUsage(KeyUsage.digitalSignature | KeyUsage.keyEncipherment | KeyUsage.keyCertSign))
                .addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(KeyPurposeId.id_kp_serverAuth))
                .addExtension(Extension.subjectAlternativeName, false, names(wanted.hosts()))
                .build(new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate()));
    }

    private static GeneralNames names(List<String> hosts) {
        return new GeneralNames(hosts.stream()
                .distinct()
                .map(host -> new GeneralName(
                        NetUtil.createByteArrayFromIpAddressString(host) == null
                                ? GeneralName.dNSName
                                : GeneralName.iPAddress,
                        host))
                .toArray(GeneralName[]::new));
    }

    /** Whole or not at all, and for nobody else to read. */
    private static void write(Path path, Object pem) throws IOException {
        var text = new StringWriter();
        try (var writer = new JcaPEMWriter(text)) {
            writer.writeObject(pem);
        }
        Path draft = path.resolveSibling(path.getFileName() + ".tmp");
        Files.deleteIfExists(draft);
        Files.createFile(draft, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(draft, text.toString());
        Files.move(draft, path, StandardCopyOption.ATOMIC_MOVE);
    }
}
