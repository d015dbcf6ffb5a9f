package dev.keelson.operator.certificates;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;
import javax.security.auth.x500.X500Principal;
import org.jspecify.annotations.Nullable;

/**
 * Begins a handshake, which tells both, and sends nothing on the connection. Nobody is trusted by it, so everybody's certificate
 * is looked at.
 */
public final class TlsHandshakes implements Handshakes {
    private static final int LOOK_MILLIS = 2_000;

    @Override
    public @Nullable Shown look(Peer member) {
        Onlooker onlooker = new Onlooker();
        try (Socket socket = new Socket()) {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(new KeyManager[] {onlooker.keys}, new TrustManager[] {onlooker.certificates}, null);
            socket.connect(new InetSocketAddress(member.address(), member.port()), LOOK_MILLIS);
            socket.setSoTimeout(LOOK_MILLIS);
            try (SSLSocket tls =
                    (SSLSocket) context.getSocketFactory().createSocket(socket, member.host(), member.port(), true)) {
                tls.startHandshake();
            }
        } catch (IOException e) {
            // A member that asks for a certificate and gets none ends the handshake, having told what was to be known.
            System.getLogger(TlsHandshakes.class.getName())
                    .log(System.Logger.Level.DEBUG, "a handshake with {0} ended: {1}", member.member(), e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
        X509Certificate own = onlooker.own.get();
        return own == null ? null : new Shown(onlooker.trusted, own);
    }

    /** Hears what the other side says about certificates. */
    private static final class Onlooker {
        private final Set<X500Principal> trusted = ConcurrentHashMap.newKeySet();
        private final AtomicReference<X509Certificate> own = new AtomicReference<>();

        private final X509ExtendedKeyManager keys = new X509ExtendedKeyManager() {
            @Override
            public @Nullable String chooseClientAlias(
                    String[] kinds, Principal @Nullable [] issuers, @Nullable Socket socket) {
                hear(issuers);
                return null;
            }

            @Override
            public @Nullable String chooseEngineClientAlias(
                    String[] kinds, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
                hear(issuers);
                return null;
            }

            @Override
            public String @Nullable [] getClientAliases(String kind, Principal @Nullable [] issuers) {
                return null;
            }

            @Override
            public String @Nullable [] getServerAliases(String kind, Principal @Nullable [] issuers) {
                return null;
            }

            @Override
            public @Nullable String chooseServerAlias(
                    String kind, Principal @Nullable [] issuers, @Nullable Socket socket) {
                return null;
            }

            @Override
            public X509Certificate @Nullable [] getCertificateChain(String alias) {
                return null;
            }

            @Override
            public @Nullable PrivateKey getPrivateKey(String alias) {
                return null;
            }
        };

        private final X509ExtendedTrustManager certificates = new X509ExtendedTrustManager() {
            @Override
            public void checkServerTrusted(X509Certificate[] chain, String kind) {
                own.set(chain[0]);
            }

            @Override
            public void checkServerTrusted(X509Certificate[] chain, String kind, Socket socket) {
                own.set(chain[0]);
            }

            @Override
            public void checkServerTrusted(X509Certificate[] chain, String kind, SSLEngine engine) {
                own.set(chain[0]);
            }

            @Override
            public void checkClientTrusted(X509Certificate[] chain, String kind) {
                throw new UnsupportedOperationException("nobody calls the operator");
            }

            @Override
            public void checkClientTrusted(X509Certificate[] chain, String kind, Socket socket) {
                throw new UnsupportedOperationException("nobody calls the operator");
            }

            @Override
            public void checkClientTrusted(X509Certificate[] chain, String kind, SSLEngine engine) {
                throw new UnsupportedOperationException("nobody calls the operator");
            }

            @Override
            public X509Certificate[] getAcceptedIssuers() {
                return new X509Certificate[0];
            }
        };

        private void hear(Principal @Nullable [] issuers) {
            if (issuers != null) {
                for (Principal issuer : issuers) {
                    trusted.add((X500Principal) issuer);
                }
            }
        }
    }
}
