package dev.keelson.operator.world;

import dev.keelson.operator.certificates.Handshakes.Shown;
import io.fabric8.kubernetes.api.model.Secret;
import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What running members and applications have read of their Secrets, which is what the Secrets said some time ago. Everybody must
 * always trust everybody.
 */
final class Mounts {
    /** A kubelet looks at Secrets now and then. */
    private static final int TURNS_LATE = 6;

    private final Map<String, Mount> mounts = new HashMap<>();
    private final Set<String> trusting = new HashSet<>();

    /** One holder's files. */
    private static final class Mount {
        private Map<String, String> data;
        private int turnsOld;

        private Mount(Map<String, String> data) {
            this.data = data;
        }
    }

    /** A holder that starts reads its Secret now, and one that runs a while after it changed. */
    void look(String holder, @Nullable Secret secret) {
        Mount mount = mounts.get(holder);
        if (secret == null) {
            return;
        }
        if (mount == null) {
            mounts.put(holder, new Mount(secret.getData()));
        } else if (mount.data.equals(secret.getData())) {
            mount.turnsOld = 0;
        } else if (++mount.turnsOld > TURNS_LATE) {
            mount.data = secret.getData();
            mount.turnsOld = 0;
        }
    }

    void forget(String holder) {
        mounts.remove(holder);
    }

    boolean has(String holder) {
        return mounts.containsKey(holder);
    }

    @Nullable
    Shown shown(String member) {
        Mount mount = mounts.get(member);
        if (mount == null) {
            return null;
        }
        return new Shown(
                certificates(mount, "ca.crt").stream()
                        .map(X509Certificate::getSubjectX500Principal)
                        .collect(Collectors.toSet()),
                certificates(mount, "tls.crt").getFirst());
    }

    void assertEverybodyTrustsEverybody() {
        mounts.forEach((one, shows) -> mounts.forEach((other, judges) -> {
            String pair = shows.data.get("tls.crt") + judges.data.get("ca.crt");
            if (!trusting.contains(pair)) {
                X509Certificate leaf = certificates(shows, "tls.crt").getFirst();
                if (certificates(judges, "ca.crt").stream().noneMatch(authority -> isBy(leaf, authority))) {
                    throw new AssertionError(other + " does not trust " + one);
                }
                trusting.add(pair);
            }
        }));
    }

    private static boolean isBy(X509Certificate leaf, X509Certificate authority) {
        try {
            leaf.verify(authority.getPublicKey());
            return true;
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    private static List<X509Certificate> certificates(Mount mount, String key) {
        try {
            List<X509Certificate> certificates = new ArrayList<>();
            byte[] pem = Base64.getDecoder().decode(mount.data.get(key));
            CertificateFactory.getInstance("X.509")
                    .generateCertificates(new ByteArrayInputStream(pem))
                    .forEach(certificate -> certificates.add((X509Certificate) certificate));
            return certificates;
        } catch (GeneralSecurityException e) {
            throw new AssertionError(key + " is no certificate", e);
        }
    }
}
