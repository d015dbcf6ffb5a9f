package dev.keelson.operator.certificates;

import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Judges a certificate that was given out before. */
final class Leaf {
    private Leaf() {}

    /**
     * Whether it may be used on: signed by this authority, for all these hosts, with a third of its life to come. While nobody can
     * sign, any that has not ended is good enough.
     */
    static boolean isGood(String pem, @Nullable KeyPairPem authority, List<String> hosts, Instant now) {
        try {
            X509Certificate certificate = Pem.certificate(pem);
            if (authority == null) {
                return now.isBefore(certificate.getNotAfter().toInstant());
            }
            certificate.verify(Pem.certificate(authority.certificate()).getPublicKey());
            return now.isBefore(renewal(certificate)) && names(certificate).containsAll(hosts);
        } catch (GeneralSecurityException | CertificateException e) {
            return false;
        }
    }

    /** When two thirds of its life are over. */
    static Instant renewal(X509Certificate certificate) {
        Instant from = certificate.getNotBefore().toInstant();
        Duration life = Duration.between(from, certificate.getNotAfter().toInstant());
        return from.plus(life.multipliedBy(2).dividedBy(3));
    }

    private static Set<String> names(X509Certificate certificate) throws GeneralSecurityException {
        Set<String> names = new HashSet<>();
        Collection<List<?>> alternatives = certificate.getSubjectAlternativeNames();
        if (alternatives != null) {
            alternatives.forEach(alternative -> names.add(String.valueOf(alternative.get(1))));
        }
        return names;
    }
}
