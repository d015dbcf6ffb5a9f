package dev.keelson.server.port;

import dev.keelson.server.tls.LiveTls;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;

/**
 * An address to listen on, and the flag that asked for it, so that a failure can name both.
 *
 * @param flag the name of the flag, without dashes
 * @param host a name, an address, or empty for all interfaces
 * @param port 0 lets the system choose
 * @param traffic what it serves
 * @param security whether it speaks TLS
 */
public record ListenAddress(String flag, String host, int port, Traffic traffic, Security security) {

    private static final String TLS_SCHEME = "https";

    /** One that serves whatever comes, in the clear. */
    public ListenAddress(String flag, String host, int port) {
        this(flag, host, port, Traffic.GRPC_AND_HTTP, Security.PLAIN);
    }

    /** Takes host and port out of a listen URL that has been checked already. */
    public static ListenAddress of(String flag, URI url) {
        String host = url.getHost() == null ? "" : url.getHost();
        return new ListenAddress(
                flag,
                host.startsWith("[") ? host.substring(1, host.length() - 1) : host,
                url.getPort(),
                Traffic.GRPC_AND_HTTP,
                TLS_SCHEME.equals(url.getScheme()) ? Security.TLS : Security.PLAIN);
    }

    /** The same for nothing but this. */
    public ListenAddress serving(Traffic only) {
        return new ListenAddress(flag, host, port, only, security);
    }

    /** The same, speaking in this way. */
    public ListenAddress securedBy(Security other) {
        return new ListenAddress(flag, host, port, traffic, other);
    }

    /** What such an address cannot do without. */
    LiveTls requireTls(@Nullable LiveTls tls) {
        if (tls == null) {
            throw new IllegalArgumentException(this + " speaks TLS, and there is none");
        }
        return tls;
    }

    /** Looks the host up. */
    public InetSocketAddress resolve() {
        if (host.isEmpty()) {
            return new InetSocketAddress(port);
        }
        try {
            return new InetSocketAddress(InetAddress.getByName(host), port);
        } catch (UnknownHostException cause) {
            throw new BindFailedException(this, "the host name cannot be resolved", cause);
        }
    }

    @Override
    public String toString() {
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }
}
