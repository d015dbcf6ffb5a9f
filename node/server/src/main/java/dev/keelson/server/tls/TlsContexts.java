package dev.keelson.server.tls;

import io.grpc.netty.GrpcSslContexts;
import io.netty.handler.codec.http2.Http2SecurityUtil;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLException;

/**
 * What was made of the files at one moment: a context for listening and one for dialing.
 *
 * <p>Whenever a file changes all of it is made anew, with sessions of its own: a session that is resumed is not verified
 * again, and must not outlive the authority or the list of revoked certificates that it was verified by.
 *
 * <p>Thread rule: immutable.
 */
record TlsContexts(SslContext listening, SslContext dialing) {

    /** A session that a client may take up again without being verified. */
    private static final long SESSION_SECONDS_MAX = 300;

    private static final List<String> NEWEST_SUITES =
            List.of("TLS_AES_256_GCM_SHA384", "TLS_AES_128_GCM_SHA256", "TLS_CHACHA20_POLY1305_SHA256");

    /**
     * HTTP/1.1 first: who offers both, as curl and browsers do, comes for HTTP, and its HTTP/2 is not spoken here.
     * gRPC offers nothing but HTTP/2.
     */
    private static final ApplicationProtocolConfig EITHER = new ApplicationProtocolConfig(
            ApplicationProtocolConfig.Protocol.ALPN,
            ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
            ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT,
            ApplicationProtocolNames.HTTP_1_1,
            ApplicationProtocolNames.HTTP_2);

    /** Reads all files. */
    static TlsContexts read(TlsConfig config, TlsConfig.InFiles files, boolean verifies) {
        Credentials own = Credentials.read(files.listening());
        TlsConfig.Pair other = files.dialing();
        Credentials dialing = other == null ? own : Credentials.read(other);
        CertificateCheck check = CertificateCheck.read(config.trust());
        try {
            return new TlsContexts(listening(config, own, check), dialing(config, dialing, check, verifies));
        } catch (SSLException failure) {
            throw new TlsException(
                    files.listening().certificate() + ": cannot be used for TLS: " + failure.getMessage()
                            + "; give a certificate and a key that Java supports",
                    failure);
        }
    }

    private static SslContext listening(TlsConfig config, Credentials own, CertificateCheck check) throws SSLException {
        SslContextBuilder builder = SslContextBuilder.forServer(new OwnKey(own))
                .sslProvider(SslProvider.JDK)
                .applicationProtocolConfig(EITHER)
                .sessionTimeout(SESSION_SECONDS_MAX);
        if (config.trust().demanded()) {
            builder.trustManager(check).clientAuth(ClientAuth.REQUIRE);
        }
        return speaking(builder, config.protocols()).build();
    }

    private static SslContext dialing(TlsConfig config, Credentials own, CertificateCheck check, boolean verifies)
            throws SSLException {
        SslContextBuilder builder = GrpcSslContexts.configure(SslContextBuilder.forClient(), SslProvider.JDK)
                .keyManager(new OwnKey(own))
                .sessionTimeout(SESSION_SECONDS_MAX);
        if (verifies) {
            builder.trustManager(check);
        } else {
            builder.trustManager(InsecureTrustManagerFactory.INSTANCE);
        }
        return speaking(builder, config.protocols()).build();
    }

    private static SslContextBuilder speaking(SslContextBuilder builder, TlsConfig.Protocols protocols) {
        builder.protocols(protocols.versions());
        if (protocols.cipherSuites().isEmpty()) {
            return builder.ciphers(Http2SecurityUtil.CIPHERS, SupportedCipherSuiteFilter.INSTANCE);
        }
        // As with etcd, the list is about TLS 1.2; which ciphers TLS 1.3 uses is not a matter of settings.
        var suites = new ArrayList<>(NEWEST_SUITES);
        suites.addAll(protocols.cipherSuites());
        return builder.ciphers(suites, SupportedCipherSuiteFilter.INSTANCE);
    }
}
