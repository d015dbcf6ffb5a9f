package dev.keelson.operator.certificates;

import java.security.cert.X509Certificate;
import java.util.Set;
import javax.security.auth.x500.X500Principal;
import org.jspecify.annotations.Nullable;

/** Asks running members what they trust and show now, which is not always what their Secrets say: those arrive with a delay. */
@FunctionalInterface
public interface Handshakes {
    /** Null when the member does not speak TLS at the moment. */
    @Nullable
    Shown look(Peer member);

    /** Where a member talks to its peers, which always asks for certificates. */
    record Peer(String member, String address, int port, String host) {}

    /** The names of the authorities by which a member accepts others, and its own certificate. */
    record Shown(Set<X500Principal> trusted, X509Certificate own) {
        public Shown {
            trusted = Set.copyOf(trusted);
        }
    }
}
