package dev.keelson.server.tls;

import java.math.BigInteger;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.X509CRL;
import java.security.cert.X509CRLEntry;
import java.security.cert.X509Certificate;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import javax.security.auth.x500.X500Principal;
import org.jspecify.annotations.Nullable;

/**
 * Judges the certificates of the other end: by their authority as Java does, then by the list of revoked ones, then by
 * the names that are allowed.
 *
 * <p>A certificate is revoked when a list of its own issuer has its serial number. etcd asks for the number alone; while
 * two authorities are trusted, which is how one takes over from the other, they may well give out the same numbers.
 *
 * <p>Thread rule: immutable.
 */
final class CertificateCheck extends X509ExtendedTrustManager {

    private record Revoked(X500Principal issuer, BigInteger serial) {}

    private final X509ExtendedTrustManager authorities;
    private final Set<Revoked> revoked;
    private final Set<String> commonNames;
    private final Set<String> hostNames;

    private CertificateCheck(X509ExtendedTrustManager authorities, Set<Revoked> revoked, TlsConfig.Trust trust) {
        this.authorities = authorities;
        this.revoked = revoked;
        this.commonNames = trust.commonNames();
        this.hostNames = trust.hostNames();
    }

    /** Reads the files that say whom to trust. */
    static CertificateCheck read(TlsConfig.Trust trust) {
        TlsConfig.Source bundle = trust.authorities();
        TlsConfig.Source lists = trust.revocations();
        return new CertificateCheck(
                authorities(bundle == null ? null : PemFiles.certificates(bundle)),
                lists == null ? Set.of() : revoked(PemFiles.revocations(lists)),
                trust);
    }

    private static Set<Revoked> revoked(List<X509CRL> lists) {
        var all = new HashSet<Revoked>();
        for (X509CRL list : lists) {
            Set<? extends X509CRLEntry> entries = list.getRevokedCertificates();
            if (entries != null) {
                entries.forEach(entry -> all.add(new Revoked(list.getIssuerX500Principal(), entry.getSerialNumber())));
            }
        }
        return Set.copyOf(all);
    }

    private static X509ExtendedTrustManager authorities(@Nullable List<X509Certificate> trusted) {
        try {
            KeyStore store = null;
            if (trusted != null) {
                store = KeyStore.getInstance("PKCS12");
                store.load(null, null);
                for (X509Certificate each : trusted) {
                    store.setCertificateEntry("authority-" + store.size(), each);
                }
            }
            var factory = TrustManagerFactory.getInstance("PKIX");
            factory.init(store);
            for (TrustManager each : factory.getTrustManagers()) {
                if (each instanceof X509ExtendedTrustManager found) {
                    return found;
                }
            }
            throw new IllegalStateException("this Java cannot verify certificates");
        } catch (GeneralSecurityException | java.io.IOException failure) {
            throw new IllegalStateException("this Java cannot verify certificates", failure);
        }
    }

    private void judge(X509Certificate[] chain) throws CertificateException {
        for (X509Certificate each : chain) {
            if (revoked.contains(new Revoked(each.getIssuerX500Principal(), each.getSerialNumber()))) {
                throw new CertificateException(
                        "certificate serial " + each.getSerialNumber().toString(16) + " revoked");
            }
        }
        if (!isAllowed(chain[0])) {
            throw new CertificateException(
                    "client certificate authentication failed: none of its names is allowed, subject "
                            + chain[0].getSubjectX500Principal());
        }
    }

    private boolean isAllowed(X509Certificate certificate) throws CertificateException {
        if (!commonNames.isEmpty()) {
            Optional<String> name = CertificateNames.commonName(certificate);
            return name.isPresent() && commonNames.contains(name.get());
        }
        for (String host : hostNames) {
            if (CertificateNames.isFor(host, certificate)) {
                return true;
            }
        }
        return hostNames.isEmpty();
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authentication, SSLEngine engine)
            throws CertificateException {
        authorities.checkClientTrusted(chain, authentication, engine);
        judge(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authentication, SSLEngine engine)
            throws CertificateException {
        authorities.checkServerTrusted(chain, authentication, engine);
        judge(chain);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authentication, Socket socket)
            throws CertificateException {
        authorities.checkClientTrusted(chain, authentication, socket);
        judge(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authentication, Socket socket)
            throws CertificateException {
        authorities.checkServerTrusted(chain, authentication, socket);
        judge(chain);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authentication) throws CertificateException {
        authorities.checkClientTrusted(chain, authentication);
        judge(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authentication) throws CertificateException {
        authorities.checkServerTrusted(chain, authentication);
        judge(chain);
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return authorities.getAcceptedIssuers();
    }
}
