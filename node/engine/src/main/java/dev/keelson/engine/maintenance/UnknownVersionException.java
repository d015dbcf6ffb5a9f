package dev.keelson.engine.maintenance;

import org.jspecify.annotations.Nullable;

/** The cluster has agreed on a version that came after this member's: it might not understand what the others write. */
public final class UnknownVersionException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private UnknownVersionException(String message) {
        super(message);
    }

    /** @param agreed the version the members agreed on, null while undecided */
    static void requireKnown(ClusterVersion own, @Nullable String agreed) {
        if (agreed == null) {
            return;
        }
        boolean known = ClusterVersion.parse(agreed)
                .filter(version -> version.compareTo(own) <= 0)
                .isPresent();
        if (!known) {
            throw new UnknownVersionException("invalid downgrade; server version " + own.brief()
                    + " is lower than determined cluster version " + agreed
                    + "; start a newer server, or order a downgrade of the cluster first");
        }
    }
}
