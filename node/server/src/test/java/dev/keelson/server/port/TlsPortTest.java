package dev.keelson.server.port;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keelson.api.etcd.KVGrpc;
import dev.keelson.api.etcd.PutRequest;
import dev.keelson.api.etcd.PutResponse;
import dev.keelson.api.etcd.ResponseHeader;
import dev.keelson.server.http.HttpRouter;
import dev.keelson.server.tls.LiveTls;
import dev.keelson.server.tls.TestAuthority;
import dev.keelson.server.tls.TestTls;
import dev.keelson.server.tls.TlsConfig;
import io.grpc.Grpc;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.StreamObserver;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.ssl.JdkSslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
final class TlsPortTest {

    private static final ListenAddress TLS =
            new ListenAddress("listen-client-urls", "127.0.0.1", 0).securedBy(Security.TLS);
    private static final String LIVE = "GET /livez HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";

    @TempDir
    Path folder;

    private final List<AutoCloseable> opened = new ArrayList<>();
    private final EventLoops loops = EventLoops.open("test", 1);
    private final TestTls said = new TestTls();
    private final BlockingQueue<String> callers = new LinkedBlockingQueue<>();
    private TestAuthority authority;
    private TestAuthority.Issued own;

    @BeforeEach
    void issue() {
        authority = new TestAuthority(folder, "authority");
        own = authority.issue("server", "127.0.0.1");
    }

    @AfterEach
    void stop() throws Exception {
        for (AutoCloseable each : opened.reversed()) {
            each.close();
        }
        loops.close();
    }

    private int listen(LiveTls tls) {
        return listen(TLS, tls);
    }

    private int listen(ListenAddress address, LiveTls tls) {
        var services = new ClientPort.Services(
                        List.of(new Echo()), new NotingCallers(), HttpRouter.ofProbes(new FakeHealth()))
                .over(tls);
        ClientPort port = ClientPort.bind(List.of(address), loops, PortLimits.defaults(), services);
        opened.add(port);
        port.open();
        return port.ports().getFirst();
    }

    private ManagedChannel connect(int port, TestAuthority.@Nullable Issued shown, String... versions) {
        try {
            SslContextBuilder builder = GrpcSslContexts.configure(SslContextBuilder.forClient(), SslProvider.JDK)
                    .trustManager(authority.file().toFile());
            if (shown != null) {
                builder.keyManager(shown.certificate().toFile(), shown.key().toFile());
            }
            if (versions.length > 0) {
                builder.protocols(versions);
            }
            ManagedChannel channel = NettyChannelBuilder.forAddress("127.0.0.1", port)
                    .sslContext(builder.build())
                    .build();
            opened.add(() -> channel.shutdownNow().awaitTermination(5, TimeUnit.SECONDS));
            return channel;
        } catch (IOException failure) {
            throw new IllegalStateException(failure);
        }
    }

    private static void put(ManagedChannel channel) {
        PutResponse answer = KVGrpc.newBlockingStub(channel)
                .withDeadlineAfter(20, TimeUnit.SECONDS)
                .put(PutRequest.getDefaultInstance());
        assertThat(answer.getHeader().getRevision()).isEqualTo(7);
    }

    private void assertRefused(int port, TestAuthority.@Nullable Issued shown) {
        assertThatThrownBy(() -> put(connect(port, shown))).hasMessageStartingWith("UNAVAILABLE");
    }

    private String overTls(int port, String request, String... protocols) throws Exception {
        var context = (JdkSslContext) SslContextBuilder.forClient()
                .sslProvider(SslProvider.JDK)
                .trustManager(authority.file().toFile())
                .build();
        try (var socket = (SSLSocket) context.context().getSocketFactory().createSocket("127.0.0.1", port)) {
            socket.setSoTimeout(20_000);
            var parameters = socket.getSSLParameters();
            parameters.setApplicationProtocols(protocols);
            socket.setSSLParameters(parameters);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
            return socket.getApplicationProtocol() + " " + answer;
        }
    }

    private String inTheClear(int port, String request) throws IOException {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }

    @Test
    void onePortServesGrpcAndHttpUnderTls() throws Exception {
        int port = listen(said.open(own));

        put(connect(port, null));

        assertThat(callers.poll()).isEqualTo("nobody");
        assertThat(overTls(port, LIVE)).startsWith(" HTTP/1.1 200 OK").endsWith("ok\n");
        assertThat(overTls(port, LIVE, "h2", "http/1.1")).startsWith("http/1.1 HTTP/1.1 200 OK");
        assertThat(said.events).isEmpty();
    }

    @Test
    void aCallKnowsTheCertificateOfItsClient() {
        int port = listen(said.open(own, TestTls.trusting(authority.file()), TestTls.ANY));

        put(connect(port, authority.issue("alice")));

        assertThat(callers.poll()).isEqualTo("CN=alice");
    }

    @Test
    void aClientWithoutACertificateOrWithOneOfAnotherAuthorityIsRefused() throws Exception {
        int port = listen(said.open(own, TestTls.trusting(authority.file()), TestTls.ANY));

        assertRefused(port, null);
        assertThat(said.next()).startsWith("refused client: ").containsIgnoringCase("empty client certificate chain");
        Path elsewhere = Files.createDirectory(folder.resolve("elsewhere"));
        assertRefused(port, new TestAuthority(elsewhere, "authority").issue("alice"));
        String refusal = said.next();
        while (refusal.contains("Empty")) {
            // The first client may have tried again before it gave up.
            refusal = said.next();
        }
        assertThat(refusal).startsWith("refused client: ");
    }

    @Test
    void anExpiredCertificateIsRefused() throws Exception {
        int port = listen(said.open(own, TestTls.trusting(authority.file()), TestTls.ANY));

        assertRefused(port, authority.issueExpired("alice"));

        assertThat(said.next()).startsWith("refused client: NotAfter");
    }

    @Test
    void aRevokedCertificateIsRefusedAndTheSameNumberOfAnotherAuthorityIsNot() throws Exception {
        TestAuthority.Issued alice = authority.issue("alice");
        TestAuthority.Issued bob = authority.issue("bob");
        var other = new TestAuthority(folder, "other");
        Path both = folder.resolve("both.pem");
        Files.writeString(both, Files.readString(authority.file()) + Files.readString(other.file()));
        TestAuthority.Issued sameNumber = other.issue("carol");
        while (!sameNumber.parsed().getSerialNumber().equals(alice.parsed().getSerialNumber())) {
            sameNumber = other.issue("carol");
        }
        int port = listen(
                said.open(own, TestTls.trusting(both, authority.revoke(alice), Set.of(), Set.of()), TestTls.ANY));

        assertRefused(port, alice);

        assertThat(said.next()).isEqualTo("refused client: certificate serial 3 revoked");
        put(connect(port, bob));
        put(connect(port, sameNumber));
    }

    @Test
    @DisplayName("GHSA-3wh4-j44w-pg92: a revoked certificate is refused on addresses for gRPC and for HTTP alone too")
    void aRevokedCertificateIsRefusedOnEveryKindOfAddress() throws Exception {
        TestAuthority.Issued alice = authority.issue("alice");
        LiveTls tls = said.open(
                own, TestTls.trusting(authority.file(), authority.revoke(alice), Set.of(), Set.of()), TestTls.ANY);

        for (Traffic traffic : Traffic.values()) {
            assertRefused(listen(TLS.serving(traffic), tls), alice);

            assertThat(said.next()).as("%s", traffic).matches("refused client: certificate serial \\d+ revoked");
        }
    }

    @ParameterizedTest(name = "GHSA-6vch-q96h-7gc3: a handshake that does not go on after {0} bytes is given up")
    @ValueSource(ints = {0, 1, 4})
    void aHandshakeThatDoesNotGoOnIsGivenUp(int bytes) {
        var channel = new EmbeddedChannel();
        channel.freezeTime();
        channel.pipeline().addLast(new TlsGate(said.open(own), false, _ -> {}));
        channel.writeInbound(Unpooled.wrappedBuffer(new byte[] {22, 3, 1, 2}, 0, bytes));

        channel.advanceTimeBy(TlsGate.HANDSHAKE_MILLIS_MAX - 1, TimeUnit.MILLISECONDS);
        channel.runScheduledPendingTasks();
        assertThat(channel.isOpen()).isTrue();
        channel.advanceTimeBy(1, TimeUnit.MILLISECONDS);
        channel.runScheduledPendingTasks();

        assertThat(channel.isOpen()).isFalse();
        assertThat(said.events).contains("refused client: no handshake within 10000 ms");
    }

    @Test
    void onlyCertificatesMadeOutForAnAllowedHostAreTaken() throws Exception {
        int port = listen(said.open(
                own, TestTls.trusting(authority.file(), null, Set.of(), Set.of("a.example", "10.0.0.9")), TestTls.ANY));

        assertRefused(port, authority.issue("a.example", "b.example", "10.0.0.8"));

        assertThat(said.next()).startsWith("refused client: client certificate authentication failed");
        put(connect(port, authority.issue("x", "A.example")));
        put(connect(port, authority.issue("x", "*.example")));
        put(connect(port, authority.issue("x", "10.0.0.9")));
    }

    @Test
    void versionsOutsideTheLimitsAreNotSpoken() throws Exception {
        int newest = listen(
                said.open(own, TlsConfig.Trust.NOBODY_ASKED, new TlsConfig.Protocols(List.of("TLSv1.3"), List.of())));
        int older = listen(
                said.open(own, TlsConfig.Trust.NOBODY_ASKED, new TlsConfig.Protocols(List.of("TLSv1.2"), List.of())));

        put(connect(newest, null, "TLSv1.3"));
        put(connect(older, null, "TLSv1.2", "TLSv1.3"));
        assertThatThrownBy(() -> put(connect(newest, null, "TLSv1.2"))).hasMessageStartingWith("UNAVAILABLE");
        assertThatThrownBy(() -> put(connect(older, null, "TLSv1.3"))).hasMessageStartingWith("UNAVAILABLE");
        assertThat(said.next()).contains("protocol");
    }

    @Test
    void whoSpeaksInTheClearIsToldSoAndLeft() throws Exception {
        int port = listen(said.open(own));

        assertThat(inTheClear(port, LIVE))
                .isEqualTo("HTTP/1.0 400 Bad Request\r\n\r\nClient sent an HTTP request to an HTTPS server.\n");
        assertThat(said.next()).isEqualTo("refused client: first record does not look like a TLS handshake");
        ManagedChannel plain =
                NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().build();
        opened.add(plain::shutdownNow);
        assertThatThrownBy(() -> put(plain)).hasMessageStartingWith("UNAVAILABLE");
    }

    @Test
    void anAddressForBothServesBoth() throws Exception {
        int port = listen(TLS.securedBy(Security.PLAIN_OR_TLS), said.open(own));
        ManagedChannel plain =
                NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().build();
        opened.add(plain::shutdownNow);

        put(plain);
        put(connect(port, null));
        assertThat(inTheClear(port, LIVE)).startsWith("HTTP/1.1 200 OK");
        assertThat(overTls(port, LIVE)).startsWith(" HTTP/1.1 200 OK");
    }

    @Test
    void probesAreAnsweredUnderTls() throws Exception {
        MetricsPort metrics = MetricsPort.open(
                List.of(TLS), loops, PortLimits.defaults(), HttpRouter.ofProbes(new FakeHealth()), said.open(own));
        opened.add(metrics);

        assertThat(overTls(metrics.ports().getFirst(), LIVE))
                .startsWith(" HTTP/1.1 200 OK")
                .endsWith("ok\n");
    }

    @Test
    void anAuthorityIsReplacedWithoutARestartAndOpenConnectionsStay() throws Exception {
        Path trusted = folder.resolve("trusted.pem");
        Files.copy(authority.file(), trusted);
        int port = listen(said.open(own, TestTls.trusting(trusted), TestTls.ANY));
        ManagedChannel open = connect(port, authority.issue("alice"));
        put(open);
        var successor = new TestAuthority(folder, "successor");

        Files.move(Files.copy(successor.file(), folder.resolve("new.pem")), trusted, StandardCopyOption.ATOMIC_MOVE);

        assertRefused(port, authority.issue("bob"));
        assertThat(said.next()).isEqualTo("reloaded client");
        assertThat(said.next()).startsWith("refused client: ");
        put(connect(port, successor.issue("carol")));
        put(open);
    }

    @Test
    void aSessionIsNotTakenUpAgainByAClientThatWasRevokedMeanwhile() throws Exception {
        TestAuthority.Issued alice = authority.issue("alice");
        Path list = authority.revoke();
        int port = listen(said.open(own, TestTls.trusting(authority.file(), list, Set.of(), Set.of()), TestTls.ANY));
        put(connect(port, alice));

        authority.revoke(alice);

        assertRefused(port, alice);
        assertThat(said.next()).isEqualTo("reloaded client");
        assertThat(said.next()).isEqualTo("refused client: certificate serial 3 revoked");
    }

    @Test
    void filesThatCannotBeUsedLeaveTheFormerOnesInForce() throws Exception {
        TestAuthority.Issued next = authority.issue("next", "127.0.0.1");
        int port = listen(said.open(own));

        Files.copy(next.certificate(), own.certificate(), StandardCopyOption.REPLACE_EXISTING);

        put(connect(port, null));
        put(connect(port, null));
        assertThat(said.next())
                .startsWith("not reloaded client: --key-file=" + own.key() + ": the key does not belong to")
                .endsWith("give the two of one pair");
        assertThat(said.events).isEmpty();
        Files.copy(next.key(), own.key(), StandardCopyOption.REPLACE_EXISTING);
        put(connect(port, null));
        assertThat(said.next()).isEqualTo("reloaded client");
    }

    /** Answers with a revision that tells it from anything else. */
    private static final class Echo extends KVGrpc.KVImplBase {
        @Override
        public void put(PutRequest request, StreamObserver<PutResponse> answer) {
            answer.onNext(PutResponse.newBuilder()
                    .setHeader(ResponseHeader.newBuilder().setRevision(7))
                    .build());
            answer.onCompleted();
        }
    }

    private final class NotingCallers implements ServerInterceptor {
        @Override
        public <Q, A> ServerCall.Listener<Q> interceptCall(
                ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
            SSLSession session = call.getAttributes().get(Grpc.TRANSPORT_ATTR_SSL_SESSION);
            callers.add(session == null ? "in the clear" : name(session));
            return next.startCall(call, headers);
        }

        private static String name(SSLSession session) {
            try {
                return Objects.requireNonNull(session.getPeerPrincipal()).getName();
            } catch (SSLPeerUnverifiedException _) {
                return "nobody";
            }
        }
    }
}
