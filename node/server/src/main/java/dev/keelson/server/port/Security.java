package dev.keelson.server.port;

/** Whether an address speaks TLS; where it may do both, the first byte of a connection says which. */
public enum Security {
    PLAIN(true, false),
    TLS(false, true),
    PLAIN_OR_TLS(true, true);

    private final boolean plain;
    private final boolean tls;

    Security(boolean plain, boolean tls) {
        this.plain = plain;
        this.tls = tls;
    }

    boolean hasPlain() {
        return plain;
    }

    boolean hasTls() {
        return tls;
    }

    /** What an address does that is asked for twice. */
    public Security and(Security other) {
        return this == other ? this : PLAIN_OR_TLS;
    }
}
