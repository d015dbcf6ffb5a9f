package dev.keelson.server.member;

import dev.keelson.server.tls.LiveTls;
import dev.keelson.server.tls.TlsConfig;
import dev.keelson.server.tls.TlsListener;
import org.jspecify.annotations.Nullable;

/**
 * TLS of a member's ports.
 *
 * <p>Thread rule: by the one who starts the member.
 */
final class PortSecurity {

    private final MemberConfig.Tls config;
    private final TlsListener listener;
    private @Nullable LiveTls client;
    private @Nullable LiveTls peer;

    /** Reads the files that are there, so that a wrong one shows before anything is touched. */
    PortSecurity(MemberConfig.Tls config, TlsListener listener) {
        this.config = config;
        this.listener = listener;
        this.client = loadIfGiven(config.client());
        this.peer = loadIfGiven(config.peer());
    }

    private @Nullable LiveTls loadIfGiven(@Nullable TlsConfig side) {
        return side != null && side.own() instanceof TlsConfig.InFiles ? LiveTls.load(side, listener) : null;
    }

    /** Makes the certificates that this member makes itself; they lie in its data directory. */
    void issue() {
        client = issue(config.client(), client);
        peer = issue(config.peer(), peer);
    }

    private @Nullable LiveTls issue(@Nullable TlsConfig side, @Nullable LiveTls loaded) {
        return side == null || loaded != null ? loaded : LiveTls.load(side, listener);
    }

    @Nullable
    LiveTls client() {
        return client;
    }

    @Nullable
    LiveTls peer() {
        return peer;
    }
}
