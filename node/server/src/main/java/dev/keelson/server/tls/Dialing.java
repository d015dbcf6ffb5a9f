package dev.keelson.server.tls;

import io.grpc.netty.GrpcSslContexts;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.util.Set;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * How somebody who only calls speaks TLS.
 *
 * @param authorities whose certificates members must show; null for those that Java trusts
 * @param own what is shown to members, null for nothing
 * @param unverified whatever a member shows is taken
 */
public record Dialing(TlsConfig.@Nullable Source authorities, TlsConfig.@Nullable Pair own, boolean unverified) {

    /** @throws TlsException when a file cannot be used */
    public SslContext context() {
        SslContextBuilder builder = GrpcSslContexts.configure(SslContextBuilder.forClient(), SslProvider.JDK);
        if (unverified) {
            builder.trustManager(InsecureTrustManagerFactory.INSTANCE);
        } else {
            builder.trustManager(
                    CertificateCheck.read(new TlsConfig.Trust(false, authorities, null, Set.of(), Set.of())));
        }
        if (own != null) {
            builder.keyManager(new OwnKey(Credentials.read(own)));
        }
        try {
            return builder.build();
        } catch (SSLException failure) {
            throw new IllegalStateException("this Java cannot speak TLS", failure);
        }
    }
}
