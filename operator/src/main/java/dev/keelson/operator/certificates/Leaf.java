package dev.keelson.operator.certificates;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Judges a certificate that was given out before. */
final class Leaf {
    private Leaf() {}

    /** Whether it may be used on: signed by this authority, for all these hosts, with a third of its life to come. */
    static boolean isGood(String pem, KeyPairPem authority, List<String> hosts, Instant now) {
        try {
            X509Certificate certificate = parse(pem);
            PublicKey signer = parse(authority.certificate()).getPublicKey();
            certificate.verify(signer);
            return now.isBefore(renewal(certificate)) && names(certificate).containsAll(hosts);
        } catch (GeneralSecurityException | IllegalStateException e) {
            return false;
        }
    }

    /** When two thirds of its life are over. */
    static Instant renewal(X509Certificate certificate) {
        Instant from = certificate.getNotBefore().toInstant();
        Duration life = Duration.between(from, certificate.getNotAfter().toInstant());
        return from.plus(life.multipliedBy(2).dividedBy(3));
    }

    static X509Certificate parse(String pem) {
        try {
            return (X509Certificate) CertificateFactory.getInstance("X.509")
                    .generateCertificate(new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII)));
        } catch (CertificateException e) {
            throw new IllegalStateException("the certificate cannot be read", e);
        }
    }

    private static Set<String> names(X509Certificate certificate) throws CertificateException {
        Set<String> names = new HashSet<>();
        Collection<List<?>> alternatives = certificate.getSubjectAlternativeNames();
        if (alternatives != null) {
            alternatives.forEach(alternative -> names.add(String.valueOf(alternative.get(1))));
        }
        return names;
    }
}
