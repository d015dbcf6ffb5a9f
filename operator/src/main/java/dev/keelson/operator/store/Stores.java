package dev.keelson.operator.store;

import dev.keelson.operator.certificates.KeyPairPem;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Opens stores. */
public interface Stores {
    /** Connects to the members of a cluster at these addresses. */
    Store open(String cluster, List<Endpoint> members, Entry entry);

    /** The cluster is gone: nothing is kept for it any longer. */
    void forget(String cluster);

    /**
     * Where a member's client port is reached, and whom its certificate must name. Addresses are those of Pods, so that the
     * operator depends on no name server.
     */
    record Endpoint(String member, String address, int port, String host) {}

    /**
     * What lets the operator in: certificates, absent where TLS is off; and where callers say who they are the passwords of the
     * root user, the wanted one first and then the one that was in force before.
     */
    record Entry(@Nullable Credentials tls, List<String> rootPasswords) {
        public static final Entry FREE = new Entry(null, List.of());

        public Entry {
            rootPasswords = List.copyOf(rootPasswords);
        }

        @Override
        public String toString() {
            return "what lets the operator in";
        }
    }

    /** What proves the operator to members, and members to the operator. */
    record Credentials(String authority, KeyPairPem own) {}
}
