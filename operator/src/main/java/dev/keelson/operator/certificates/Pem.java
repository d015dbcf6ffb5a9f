package dev.keelson.operator.certificates;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Certificates as text. */
final class Pem {
    private static final Pattern CERTIFICATE =
            Pattern.compile("-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----\\r?\\n?");

    private Pem() {}

    static X509Certificate certificate(String pem) {
        try {
            return (X509Certificate) CertificateFactory.getInstance("X.509")
                    .generateCertificate(new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII)));
        } catch (java.security.cert.CertificateException e) {
            throw new CertificateException("the certificate cannot be read", e);
        }
    }

    /** Those of a bundle that are still good for something. */
    static List<String> current(String bundle, Instant now) {
        List<String> certificates = new ArrayList<>();
        Matcher matcher = CERTIFICATE.matcher(bundle);
        while (matcher.find()) {
            String text = matcher.group().stripTrailing() + "\n";
            if (!certificates.contains(text)
                    && now.isBefore(certificate(text).getNotAfter().toInstant())) {
                certificates.add(text);
            }
        }
        return certificates;
    }
}
