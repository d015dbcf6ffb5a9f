package dev.keelson.server.tls;

import io.netty.handler.ssl.SslContext;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * TLS of one side that follows its files: whoever asks for a context gets one made of what the files hold now.
 *
 * <p>Files that cannot be used leave the last good ones in force: a certificate and its key are rarely replaced in one
 * step, and a bad one must not lock everybody out. Connections that are open are not touched by any of this.
 *
 * <p>The files are looked at with every connection, which costs a system call for each of them and is little beside a
 * handshake; so there is nothing that watches, and no moment between a change and its effect.
 *
 * <p>Thread rule: any thread.
 */
public final class LiveTls {

    private final TlsConfig config;
    private final TlsConfig.InFiles files;
    private final boolean verifies;
    private final List<Path> paths;
    private final TlsListener listener;
    private final InstantSource clock;

    private FileStamps tried;
    private TlsContexts contexts;
    private @Nullable String complaint;

    private LiveTls(TlsConfig config, TlsConfig.InFiles files, TlsListener listener, InstantSource clock) {
        this.config = config;
        this.files = files;
        this.verifies = config.own() instanceof TlsConfig.InFiles;
        this.paths = paths(files, config.trust());
        this.listener = listener;
        this.clock = clock;
        this.tried = FileStamps.of(paths, clock.instant());
        this.contexts = TlsContexts.read(config, files, verifies);
    }

    /**
     * Reads the files, and makes them first if that is what is wanted.
     *
     * @throws TlsException when there is one that cannot be used
     */
    public static LiveTls load(TlsConfig config, TlsListener listener) {
        return load(config, listener, InstantSource.system());
    }

    static LiveTls load(TlsConfig config, TlsListener listener, InstantSource clock) {
        TlsConfig.InFiles files = switch (config.own()) {
            case TlsConfig.InFiles given -> given;
            case TlsConfig.SelfSigned wanted ->
                new TlsConfig.InFiles(SelfSignedCertificate.ensure(config.side(), wanted, clock), null);
        };
        return new LiveTls(config, files, listener, clock);
    }

    private static List<Path> paths(TlsConfig.InFiles files, TlsConfig.Trust trust) {
        TlsConfig.Pair own = files.listening();
        TlsConfig.Pair other = files.dialing();
        return Stream.of(
                        own.certificate(),
                        own.key(),
                        other == null ? null : other.certificate(),
                        other == null ? null : other.key(),
                        trust.authorities(),
                        trust.revocations())
                .filter(Objects::nonNull)
                .map(TlsConfig.Source::path)
                .toList();
    }

    /** For a connection that comes in. */
    public SslContext listening() {
        return current().listening();
    }

    /** For a connection that goes out. */
    public SslContext dialing() {
        return current().dialing();
    }

    TlsConfig.Side side() {
        return config.side();
    }

    private synchronized TlsContexts current() {
        FileStamps now = FileStamps.of(paths, clock.instant());
        if (!now.isStill(tried)) {
            read(now);
        }
        return contexts;
    }

    private void read(FileStamps now) {
        boolean looksTheSame = now.looksLike(tried);
        tried = now;
        try {
            contexts = TlsContexts.read(config, files, verifies);
            if (!looksTheSame || complaint != null) {
                listener.reloaded(config.side());
            }
            complaint = null;
        } catch (TlsException unusable) {
            String reason = String.valueOf(unusable.getMessage());
            if (!looksTheSame || !reason.equals(complaint)) {
                listener.notReloaded(config.side(), reason);
            }
            complaint = reason;
        }
    }

    /** Tells that a connection was ended before it was used. */
    public void refused(String remoteAddress, String reason) {
        listener.refused(config.side(), remoteAddress, reason);
    }
}
