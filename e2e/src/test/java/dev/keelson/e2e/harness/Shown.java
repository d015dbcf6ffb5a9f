package dev.keelson.e2e.harness;

import io.grpc.ManagedChannel;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** Connections of clients that show a certificate of an {@link Authority}. */
final class Shown {

    private static final char[] PASSWORD = "keelson".toCharArray();

    private Shown() {}

    static ManagedChannel channel(String endpoint, Authority.Pair own, Path trusted) {
        try {
            SslContext context = GrpcSslContexts.configure(
                            SslContextBuilder.forClient()
                                    .trustManager(trusted.toFile())
                                    .keyManager(
                                            own.certificate().toFile(),
                                            own.key().toFile()),
                            SslProvider.JDK)
                    .build();
            return NettyChannelBuilder.forTarget(endpoint).sslContext(context).build();
        } catch (IOException failure) {
            throw new IllegalStateException(failure);
        }
    }

    static HttpClient client(Authority.Pair own, Path trusted) {
        try {
            var keys = KeyManagerFactory.getInstance("PKIX");
            keys.init(store(own), PASSWORD);
            var trust = TrustManagerFactory.getInstance("PKIX");
            KeyStore authorities = KeyStore.getInstance("PKCS12");
            authorities.load(null, null);
            authorities.setCertificateEntry("authority", certificate(trusted));
            trust.init(authorities);
            var context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
            return HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .sslContext(context)
                    .build();
        } catch (IOException | GeneralSecurityException failure) {
            throw new IllegalStateException(failure);
        }
    }

    private static KeyStore store(Authority.Pair own) throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry("own", key(own.key()), PASSWORD, new Certificate[] {certificate(own.certificate())});
        return store;
    }

    private static Certificate certificate(Path path) throws IOException, GeneralSecurityException {
        try (InputStream in = Files.newInputStream(path)) {
            return CertificateFactory.getInstance("X.509").generateCertificate(in);
        }
    }

    private static PrivateKey key(Path path) throws IOException, GeneralSecurityException {
        String pem = Files.readString(path).replaceAll("-----[^-]+-----", "").replaceAll("\\s", "");
        return KeyFactory.getInstance("EC")
                .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(pem)));
    }
}
