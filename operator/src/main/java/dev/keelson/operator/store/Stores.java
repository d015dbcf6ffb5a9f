package dev.keelson.operator.store;

import dev.keelson.operator.certificates.KeyPairPem;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Opens stores. */
@FunctionalInterface
public interface Stores {
    /** Connects to the members at these addresses; credentials are absent where TLS is off. */
    Store open(List<Endpoint> members, @Nullable Credentials credentials);

    /**
     * Where a member's client port is reached, and whom its certificate must name. Addresses are those of Pods, so that the
     * operator depends on no name server.
     */
    record Endpoint(String member, String address, int port, String host) {}

    /** What proves the operator to members, and members to the operator. */
    record Credentials(String authority, KeyPairPem own) {}
}
