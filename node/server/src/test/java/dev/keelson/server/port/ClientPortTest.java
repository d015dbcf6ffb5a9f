package dev.keelson.server.port;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.keelson.api.etcd.KVGrpc;
import dev.keelson.api.etcd.PutRequest;
import dev.keelson.api.etcd.PutResponse;
import dev.keelson.api.etcd.ResponseHeader;
import dev.keelson.api.etcd.WatchGrpc;
import dev.keelson.api.etcd.WatchRequest;
import dev.keelson.api.etcd.WatchResponse;
import dev.keelson.server.http.HttpRouter;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
final class ClientPortTest {

    private static final ListenAddress ANY = new ListenAddress("listen-client-urls", "127.0.0.1", 0);
    private static final PortLimits LIMITS = new PortLimits(1024, 100, 5_000, 60_000, 20_000);
    private static final ClientPort.Bounds BOUNDS = new ClientPort.Bounds(200, 1_000);
    private static final int FORGOTTEN_BYTES = 200_000;
    private static final String LIVE = "GET /livez HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";

    private final FakeHealth health = new FakeHealth();
    private final List<AutoCloseable> opened = new ArrayList<>();
    private final EventLoops loops = EventLoops.open("test", 1);
    private ClientPort port;
    private ManagedChannel channel;

    @BeforeEach
    void listen() {
        port = bind(loops, ANY);
        port.open();
        channel = connect(port.ports().getFirst());
    }

    @AfterEach
    void stop() throws Exception {
        channel.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
        for (AutoCloseable each : opened.reversed()) {
            each.close();
        }
        loops.close();
    }

    private ClientPort bind(EventLoops on, ListenAddress... addresses) {
        var services = new ClientPort.Services(
                List.of(new Echo(), new Listening()), new PassAll(), HttpRouter.ofProbes(health));
        ClientPort bound = ClientPort.bind(List.of(addresses), on, LIMITS, services, BOUNDS);
        opened.add(bound);
        return bound;
    }

    private static ManagedChannel connect(int port) {
        return NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().build();
    }

    private static PutRequest put(int bytes) {
        return PutRequest.newBuilder()
                .setKey(ByteString.copyFromUtf8("k"))
                .setValue(ByteString.copyFrom(new byte[bytes]))
                .build();
    }

    private Socket socket() throws IOException {
        return socket(port.ports().getFirst());
    }

    private Socket socket(int number) throws IOException {
        var socket = new Socket(InetAddress.getLoopbackAddress(), number);
        socket.setSoTimeout(10_000);
        opened.add(socket);
        return socket;
    }

    private String exchange(String request) throws IOException {
        return exchange(port.ports().getFirst(), request);
    }

    private String exchange(int number, String request) throws IOException {
        Socket socket = socket(number);
        socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
        return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    }

    private String get(String path) throws IOException {
        return exchange("GET " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    }

    @Test
    void oneSocketServesGrpcAndHttp() throws IOException {
        PutResponse overGrpc = KVGrpc.newBlockingStub(channel).put(put(7));
        String overHttp = get("/version");

        assertThat(overGrpc.getHeader().getRevision()).isEqualTo(7);
        assertThat(overHttp)
                .startsWith("HTTP/1.1 200 OK")
                .containsIgnoringCase("content-type: application/json\r\n")
                .endsWith("\r\n\r\n{\"etcdserver\":\"3.7.1\",\"etcdcluster\":\"3.7.0\",\"storage\":\"3.7.0\"}");
    }

    @Test
    void everyListenAddressIsServedAlsoWithoutEpoll() {
        EventLoops nio = EventLoops.openNio("nio", 1);
        ClientPort both = bind(nio, ANY, ANY);
        both.open();

        for (int each : both.ports()) {
            ManagedChannel to = connect(each);
            assertThat(KVGrpc.newBlockingStub(to).put(put(1)).getHeader().getRevision())
                    .isEqualTo(1);
            to.shutdownNow();
        }
        both.close();
        nio.close();
    }

    @Test
    void aFrameBeyondTheLimitIsRefusedAndTheConnectionGoesOn() {
        var kv = KVGrpc.newBlockingStub(channel);

        assertThatThrownBy(() -> kv.put(put(LIMITS.frameBytesMax())))
                .isInstanceOfSatisfying(
                        StatusRuntimeException.class,
                        refused -> assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED));
        assertThat(kv.put(put(LIMITS.frameBytesMax() - 100)).getHeader().getRevision())
                .isEqualTo(LIMITS.frameBytesMax() - 100);
    }

    @Test
    void aRequestThatIsNoMessageEndsItsCallAndSaysWhy() {
        byte[] noMessage = {10, 127, 1};

        assertThatThrownBy(() -> ClientCalls.blockingUnaryCall(
                        channel, raw(KVGrpc.getPutMethod()), CallOptions.DEFAULT, noMessage))
                .hasMessageStartingWith("INTERNAL: grpc: error unmarshalling request: ");
        assertThatThrownBy(() -> ClientCalls.blockingServerStreamingCall(
                                channel, raw(WatchGrpc.getWatchMethod()), CallOptions.DEFAULT, noMessage)
                        .next())
                .hasMessageStartingWith("INTERNAL: grpc: error unmarshalling request: ");
        assertThat(KVGrpc.newBlockingStub(channel).put(put(1)).getHeader().getRevision())
                .isEqualTo(1);
    }

    /** The same method for requests that are bytes already. */
    private static <A> MethodDescriptor<byte[], A> raw(MethodDescriptor<?, A> method) {
        MethodDescriptor.Marshaller<byte[]> asIs = new MethodDescriptor.Marshaller<>() {
            @Override
            public InputStream stream(byte[] bytes) {
                return new ByteArrayInputStream(bytes);
            }

            @Override
            public byte[] parse(InputStream bytes) {
                throw new AssertionError("a client parses no request");
            }
        };
        return method.toBuilder(asIs, method.getResponseMarshaller())
                .setType(MethodDescriptor.MethodType.UNKNOWN)
                .build();
    }

    @Test
    void aCallToAServiceThatDoesNotExistIsUnimplemented() {
        var election = dev.keelson.api.election.ElectionGrpc.newBlockingStub(channel);

        assertThatThrownBy(() -> election.leader(dev.keelson.api.election.LeaderRequest.getDefaultInstance()))
                .hasMessageStartingWith("UNIMPLEMENTED");
    }

    @Test
    void requestsOnOneHttpConnectionAreAnsweredInOrder() throws IOException {
        String answers = exchange("GET /livez HTTP/1.1\r\nHost: x\r\n\r\nGET /nope HTTP/1.1\r\nHost: x\r\n\r\n"
                + "GET /version HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");

        assertThat(answers)
                .containsSubsequence("200 OK", "\r\n\r\nok\n", "404 Not Found", "404 page not found\n", "etcdserver");
    }

    @Test
    void aPrefaceThatTricklesInIsStillGrpc() throws IOException {
        Socket socket = socket();
        socket.setTcpNoDelay(true);
        byte[] preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1);

        for (byte each : preface) {
            socket.getOutputStream().write(each);
        }
        socket.getOutputStream().write(new byte[] {0, 0, 0, 4, 0, 0, 0, 0, 0});

        byte[] first = socket.getInputStream().readNBytes(9);
        assertThat(first[3]).describedAs("a settings frame").isEqualTo((byte) 4);
    }

    @Test
    void bytesOfNoKnownProtocolAreRefusedAndTheConnectionCloses() throws IOException {
        assertThat(exchange("\u0016\u0003\u0001\u0000\u0005hello\r\n\r\n")).startsWith("HTTP/1.1 400 Bad Request");
    }

    @Test
    void aPrefaceThatGoesWrongLateClosesTheConnection() throws IOException {
        assertThat(exchange("PRI * HTTP/2.0\r\n\r\nSM\r\nxx\r\n\r\n")).doesNotContain("200");
    }

    @Test
    void aConnectionThatSaysNothingIsClosed() throws IOException {
        assertThat(socket().getInputStream().read()).isEqualTo(-1);
    }

    @Test
    void aConnectionThatStopsWithinThePrefaceIsClosed() throws IOException {
        assertThat(exchange("PRI * HT")).isEmpty();
    }

    @Test
    void aBodyThatNoRouteAskedForIsForgottenUpToABound() throws IOException {
        String body = "x".repeat(FORGOTTEN_BYTES);
        String small = exchange("POST /livez HTTP/1.1\r\nHost: x\r\nContent-Length: " + body.length() + "\r\n\r\n"
                + body + "GET /livez HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        Socket socket = socket();
        socket.getOutputStream()
                .write("POST /livez HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999\r\n\r\n"
                        .getBytes(StandardCharsets.ISO_8859_1));

        assertThat(small).containsSubsequence("405 Method Not Allowed", "200 OK", "\r\n\r\nok\n");
        assertThat(socket.getInputStream().readNBytes(12)).isEqualTo("HTTP/1.1 405".getBytes(StandardCharsets.UTF_8));
        assertThatThrownBy(() -> {
                    for (int sent = 0; sent < 99_999_999; sent += body.length()) {
                        socket.getOutputStream().write(body.getBytes(StandardCharsets.ISO_8859_1));
                    }
                })
                .describedAs("the connection is cut off")
                .isInstanceOf(IOException.class);
    }

    @Test
    void aRequestThatHttpDoesNotAllowIsRefusedAndTheConnectionCloses() throws IOException {
        assertThat(exchange("GET /livez HTTP/1.1\r\n\r\nGET /livez HTTP/1.1\r\nHost: x\r\n\r\n"))
                .startsWith("HTTP/1.1 400 Bad Request")
                .endsWith("\r\n\r\n400 Bad Request: missing required Host header\n");
        assertThat(exchange("GET /%zz HTTP/1.1\r\nHost: x\r\n\r\n")).startsWith("HTTP/1.1 400 Bad Request");
        assertThat(exchange("GET / HTTP/1.1\r\nHost: x\r\nX: " + "x".repeat(70_000) + "\r\n\r\n"))
                .startsWith("HTTP/1.1 431 Request Header Fields Too Large");
        assertThat(exchange("GET http://x/livez HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 200 OK");
    }

    @Test
    void anAddressServesOnlyTheTrafficItIsFor() throws IOException {
        ClientPort apart = bind(loops, ANY.serving(Traffic.GRPC), ANY.serving(Traffic.HTTP));
        apart.open();
        ManagedChannel toGrpc = connect(apart.ports().get(0));
        ManagedChannel toHttp = connect(apart.ports().get(1));

        assertThat(KVGrpc.newBlockingStub(toGrpc).put(put(3)).getHeader().getRevision())
                .isEqualTo(3);
        assertThatThrownBy(() -> KVGrpc.newBlockingStub(toHttp).put(put(3))).hasMessageStartingWith("UNAVAILABLE");
        assertThat(exchange(apart.ports().get(1), LIVE)).endsWith("ok\n");
        assertThat(exchange(apart.ports().get(0), LIVE)).isEmpty();
        toGrpc.shutdownNow();
        toHttp.shutdownNow();
    }

    @Test
    void connectionsWaitUntilThePortIsOpened() throws IOException {
        ClientPort held = bind(loops, ANY);
        try (var socket =
                new Socket(InetAddress.getLoopbackAddress(), held.ports().getFirst())) {
            socket.getOutputStream().write("GET /livez HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1));
            socket.setSoTimeout(100);
            assertThatThrownBy(() -> socket.getInputStream().read())
                    .isInstanceOf(java.net.SocketTimeoutException.class);

            held.open();

            socket.setSoTimeout(10_000);
            assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1))
                    .endsWith("ok\n");
        }
    }

    @Test
    void anAddressInUseIsNamedTogetherWithItsFlag() throws IOException {
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var address = new ListenAddress("listen-client-urls", "127.0.0.1", taken.getLocalPort());

            assertThatThrownBy(() -> bind(loops, ANY, address))
                    .isInstanceOf(BindFailedException.class)
                    .hasMessageContaining("--listen-client-urls")
                    .hasMessageContaining("127.0.0.1:" + taken.getLocalPort())
                    .hasMessageContaining("in use");
        }
    }

    @Test
    void closingEndsHttpConnectionsToo() throws IOException {
        Socket socket = socket();
        socket.getOutputStream().write("GET /livez HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1));
        assertThat(socket.getInputStream().read()).isEqualTo('H');

        port.close();

        assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1))
                .endsWith("ok\n");
    }

    /** Answers a put with the length of its value. */
    private static final class Echo extends KVGrpc.KVImplBase {
        @Override
        public void put(PutRequest request, StreamObserver<PutResponse> reply) {
            reply.onNext(PutResponse.newBuilder()
                    .setHeader(ResponseHeader.newBuilder()
                            .setRevision(request.getValue().size()))
                    .build());
            reply.onCompleted();
        }
    }

    /** A stream that answers once it hears something. */
    private static final class Listening extends WatchGrpc.WatchImplBase {
        @Override
        public StreamObserver<WatchRequest> watch(StreamObserver<WatchResponse> reply) {
            return new StreamObserver<>() {
                @Override
                public void onNext(WatchRequest request) {
                    reply.onNext(WatchResponse.getDefaultInstance());
                }

                @Override
                public void onError(Throwable cancelled) {}

                @Override
                public void onCompleted() {
                    reply.onCompleted();
                }
            };
        }
    }

    private static final class PassAll implements ServerInterceptor {
        @Override
        public <Q, A> ServerCall.Listener<Q> interceptCall(
                ServerCall<Q, A> call, Metadata metadata, ServerCallHandler<Q, A> next) {
            return next.startCall(call, metadata);
        }
    }
}
