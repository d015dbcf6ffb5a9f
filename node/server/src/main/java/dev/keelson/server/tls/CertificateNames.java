package dev.keelson.server.tls;

import io.netty.util.NetUtil;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.bouncycastle.asn1.x500.RDN;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x500.style.IETFUtils;

/**
 * The names that a certificate carries.
 *
 * <p>Thread rule: stateless.
 */
final class CertificateNames {

    private static final int DNS = 2;
    private static final int ADDRESS = 7;
    private static final String WILDCARD = "*.";

    private CertificateNames() {}

    /** The common name of the subject, the last one where there are several, as etcd takes it. */
    static Optional<String> commonName(X509Certificate certificate) {
        X500Name subject =
                X500Name.getInstance(certificate.getSubjectX500Principal().getEncoded());
        RDN[] names = subject.getRDNs(BCStyle.CN);
        return names.length == 0
                ? Optional.empty()
                : Optional.of(IETFUtils.valueToString(
                        names[names.length - 1].getFirst().getValue()));
    }

    /** Whether the certificate is made out for a host, by its alternative names alone, as everywhere today. */
    static boolean isFor(String host, X509Certificate certificate) throws CertificateParsingException {
        Collection<List<?>> names = certificate.getSubjectAlternativeNames();
        if (names == null) {
            return false;
        }
        byte[] address = NetUtil.createByteArrayFromIpAddressString(host);
        for (List<?> name : names) {
            int kind = (Integer) name.get(0);
            if (name.get(1) instanceof String value && isFor(host, address, kind, value)) {
                return true;
            }
        }
        return false;
    }

    @SuppressWarnings("NullAway") // Netty says null for what is no address
    private static boolean isFor(String host, byte[] address, int kind, String value) {
        return switch (kind) {
            case DNS -> address == null && covers(lower(value), lower(host));
            case ADDRESS ->
                address != null && Arrays.equals(address, NetUtil.createByteArrayFromIpAddressString(value));
            default -> false;
        };
    }

    /** A star stands for one label, the first. */
    private static boolean covers(String pattern, String host) {
        if (!pattern.startsWith(WILDCARD)) {
            return pattern.equals(host);
        }
        int dot = host.indexOf('.');
        return dot > 0 && host.substring(dot).equals(pattern.substring(1));
    }

    private static String lower(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
    }
}
