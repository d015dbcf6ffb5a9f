package dev.keelson.server.cli;

import dev.keelson.server.tls.Dialing;
import dev.keelson.server.tls.TlsConfig.Pair;
import dev.keelson.server.tls.TlsConfig.Source;
import dev.keelson.server.tls.TlsException;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.handler.ssl.SslContext;
import java.nio.file.Path;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** How a command speaks with members: in the clear or under TLS, with etcdctl's options. */
final class Transport {

    private static final String PLAIN_SCHEME = "http://";
    private static final String TLS_SCHEME = "https://";

    @Option(
            names = "--cacert",
            scope = ScopeType.INHERIT,
            defaultValue = "${env:ETCDCTL_CACERT:-}",
            description = "verify certificates of members with this bundle of authorities")
    String authorities = "";

    @Option(
            names = "--cert",
            scope = ScopeType.INHERIT,
            defaultValue = "${env:ETCDCTL_CERT:-}",
            description = "identify with this certificate")
    String certificate = "";

    @Option(
            names = "--key",
            scope = ScopeType.INHERIT,
            defaultValue = "${env:ETCDCTL_KEY:-}",
            description = "the key of the certificate")
    String key = "";

    @Option(
            names = "--insecure-skip-tls-verify",
            scope = ScopeType.INHERIT,
            arity = "0..1",
            fallbackValue = "true",
            defaultValue = "${env:ETCDCTL_INSECURE_SKIP_TLS_VERIFY:-false}",
            description = "take whatever certificate a member shows, which anybody in between could")
    boolean unverified;

    @Option(
            names = "--insecure-transport",
            scope = ScopeType.INHERIT,
            arity = "0..1",
            fallbackValue = "true",
            defaultValue = "${env:ETCDCTL_INSECURE_TRANSPORT:-true}",
            description = "without any other of these options, speak in the clear (default: ${DEFAULT-VALUE})")
    boolean insecure = true;

    /** Sets up a connection: by the scheme of the address, or where it has none by the options. */
    void secure(NettyChannelBuilder builder, String address) {
        boolean wanted = !insecure || unverified || !authorities.isEmpty() || !certificate.isEmpty() || !key.isEmpty();
        if (address.startsWith(TLS_SCHEME) || (wanted && !address.startsWith(PLAIN_SCHEME))) {
            builder.sslContext(context());
        } else {
            builder.usePlaintext();
        }
    }

    private SslContext context() {
        if (certificate.isEmpty() != key.isEmpty()) {
            throw new CommandFailure(
                    "empty string is passed to --" + (certificate.isEmpty() ? "cert" : "key") + " option",
                    CommandFailure.BAD_ARGUMENTS);
        }
        try {
            return new Dialing(
                            authorities.isEmpty() ? null : source("cacert", authorities),
                            certificate.isEmpty() ? null : new Pair(source("cert", certificate), source("key", key)),
                            unverified)
                    .context();
        } catch (TlsException unusable) {
            throw new CommandFailure(String.valueOf(unusable.getMessage()), CommandFailure.BAD_ARGUMENTS);
        }
    }

    private static Source source(String option, String path) {
        return new Source(option, Path.of(path));
    }
}
