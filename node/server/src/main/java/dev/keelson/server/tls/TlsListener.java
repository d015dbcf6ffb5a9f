package dev.keelson.server.tls;

/** What TLS tells its surroundings; called on event loops, must not block. */
public interface TlsListener {

    /** Files have changed, and new connections go by them from now on. */
    void reloaded(TlsConfig.Side side);

    /** Files have changed and cannot be used; what they held before goes on being used. */
    void notReloaded(TlsConfig.Side side, String reason);

    /** A connection was ended before it was used. */
    void refused(TlsConfig.Side side, String remoteAddress, String reason);
}
