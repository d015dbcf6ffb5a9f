package dev.keelson.server.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.keelson.api.election.ElectionGrpc;
import dev.keelson.api.etcd.AuthGrpc;
import dev.keelson.api.etcd.ClusterGrpc;
import dev.keelson.api.etcd.KVGrpc;
import dev.keelson.api.etcd.LeaseGrpc;
import dev.keelson.api.etcd.LeaseKeepAliveRequest;
import dev.keelson.api.etcd.LeaseKeepAliveResponse;
import dev.keelson.api.etcd.MaintenanceGrpc;
import dev.keelson.api.etcd.PutRequest;
import dev.keelson.api.etcd.PutResponse;
import dev.keelson.api.etcd.RangeRequest;
import dev.keelson.api.etcd.RangeResponse;
import dev.keelson.api.etcd.SnapshotRequest;
import dev.keelson.api.etcd.SnapshotResponse;
import dev.keelson.api.etcd.WatchGrpc;
import dev.keelson.api.lock.LockGrpc;
import dev.keelson.api.lock.LockRequest;
import dev.keelson.api.lock.LockResponse;
import dev.keelson.server.http.HttpRouter;
import dev.keelson.server.port.ClientPort;
import dev.keelson.server.port.EventLoops;
import dev.keelson.server.port.ListenAddress;
import dev.keelson.server.port.PortLimits;
import io.grpc.BindableService;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerStreamTracer;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How calls and connections hold each other back and end each other, with services that a test drives. */
@Timeout(60)
final class GatewayCallTest {

    private static final PortLimits LIMITS = new PortLimits(64 * 1024, 100, 5_000, 60_000, 20_000);
    private static final int BLOBS = 2_000;
    private static final int BLOB_BYTES = 64 * 1024;

    /** What the system's own buffers may hold between two sockets, and a margin. */
    private static final int IN_BUFFERS_BYTES_MAX = 32 << 20;

    private final Services services = new Services();
    private final Follower follower = new Follower();
    private final EventLoops loops = EventLoops.open("test", 1);
    private ClientPort port;

    @BeforeEach
    void listen() {
        ServerInterceptor passing = new ServerInterceptor() {
            @Override
            public <Q, A> ServerCall.Listener<Q> interceptCall(
                    ServerCall<Q, A> call, Metadata metadata, ServerCallHandler<Q, A> next) {
                return next.startCall(call, metadata);
            }
        };
        List<BindableService> all = services.all();
        var limits = new Gateway.Limits(LIMITS.frameBytesMax(), LIMITS.httpBodyBytesMax());
        var routes = new HttpRouter(Map.of());
        port = ClientPort.bind(
                List.of(new ListenAddress("listen-client-urls", "127.0.0.1", 0)),
                loops,
                LIMITS,
                new ClientPort.Services(all, passing, routes)
                        .withGateway(definitions -> new Gateway(definitions, limits))
                        .with(routes, List.of(follower)));
        port.open();
    }

    @AfterEach
    void stop() {
        port.close();
        loops.close();
    }

    private RawHttp connect() throws IOException {
        return new RawHttp(port.ports().getFirst());
    }

    private static void await(CountDownLatch latch) throws InterruptedException {
        assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void aClientThatDoesNotReadHoldsItsServiceBack() throws Exception {
        try (var raw = connect()) {
            raw.post("/v3/maintenance/snapshot", "{}");
            await(services.heldBack);
            int sentMeanwhile = services.blobs.get();
            raw.head();
            int received = 0;
            while (!raw.part().isEmpty()) {
                received++;
            }

            assertThat((long) sentMeanwhile * BLOB_BYTES).isLessThan(IN_BUFFERS_BYTES_MAX);
            assertThat(received).isEqualTo(BLOBS);
        }
    }

    @Test
    void aServiceThatDoesNotTakeRequestsHoldsItsClientBack() throws Exception {
        int number = port.ports().getFirst();
        try (var channel = SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), number))) {
            byte[] request = "{\"ID\":\"7\"}".getBytes(StandardCharsets.UTF_8);
            byte[] head = "POST /v3/lease/keepalive HTTP/1.1\r\nHost: x\r\nContent-Length: 999999999\r\n\r\n"
                    .getBytes(StandardCharsets.UTF_8);
            channel.write(ByteBuffer.wrap(head));
            channel.configureBlocking(false);
            long sent = sendUntilStuck(channel, ByteBuffer.wrap(repeated(request, 1_000)));

            assertThat(sent).isLessThan(IN_BUFFERS_BYTES_MAX);
            assertThat(services.keepAlives.get()).isEqualTo(1);
            Objects.requireNonNull(services.keepAlive).request(Integer.MAX_VALUE);
            long wholeRequests = sent / request.length;
            while (services.keepAlives.get() < wholeRequests) {
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
            }
        }
        await(services.cancelled);
    }

    private static byte[] repeated(byte[] one, int times) {
        var all = ByteBuffer.allocate(one.length * times);
        for (int i = 0; i < times; i++) {
            all.put(one);
        }
        return all.array();
    }

    /** Returns how many bytes went out before none did for a while. */
    private static long sendUntilStuck(SocketChannel channel, ByteBuffer requests) throws IOException {
        long sent = 0;
        int stuck = 0;
        while (stuck < 500) {
            int written = channel.write(requests);
            sent += written;
            if (!requests.hasRemaining()) {
                requests.rewind();
            }
            if (written > 0) {
                stuck = 0;
            } else {
                stuck++;
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
            }
        }
        return sent;
    }

    @Test
    void aClientThatGoesCancelsItsCallWhateverItWaitsFor() throws Exception {
        try (var raw = connect()) {
            raw.post("/v3/lock/lock", "{}");
            await(services.lockBegan);
        }
        await(services.cancelled);
    }

    @Test
    void aCallWhoseTimeIsUpIsCancelled() throws Exception {
        try (var raw = connect()) {
            raw.send("POST /v3/lock/lock HTTP/1.1\r\nHost: x\r\nGrpc-Timeout: 10m\r\nContent-Length: 2\r\n\r\n{}");

            assertThat(raw.answer().body()).isEqualTo("{\"code\":4,\"message\":\"context deadline exceeded\"}");
            await(services.cancelled);
        }
    }

    @Test
    void aServiceThatBreaksEndsItsCallAndNotTheConnection() throws Exception {
        try (var raw = connect()) {
            raw.post("/v3/kv/put", "{}");
            raw.post("/v3/kv/range", "{}");

            assertThat(raw.answer().body()).isEqualTo("{\"code\":2,\"message\":\"Application error processing RPC\"}");
            assertThat(raw.answer().body()).isEqualTo("{\"count\":\"3\"}");
        }
    }

    @Test
    void aFailureAfterTheFirstPartIsTheLastOne() throws Exception {
        services.failAfterBlobs = 2;
        try (var raw = connect()) {
            raw.post("/v3/maintenance/snapshot", "{}");

            assertThat(raw.answer().body().lines())
                    .hasSize(3)
                    .last()
                    .isEqualTo("{\"error\":{\"code\":15,\"message\":\"torn\"}}");
        }
    }

    @Test
    void whoFollowsCallsHearsOfThoseOfTheGateway() throws Exception {
        services.failAfterBlobs = 2;
        try (var raw = connect()) {
            raw.post("/v3/kv/range", "{\"key\":\"YQ==\"}");
            raw.answer();
            raw.post("/v3/kv/put", "{}");
            raw.answer();
            raw.post("/v3/maintenance/snapshot", "{}");
            raw.answer();
            assertThat(follower.ended)
                    .containsExactly(
                            "etcdserverpb.KV/Range: 1 request of 3 bytes, 1 answer of 2 bytes, OK",
                            "etcdserverpb.KV/Put: 1 request of 0 bytes, 0 answer of 0 bytes, UNKNOWN",
                            "etcdserverpb.Maintenance/Snapshot: 1 request of 0 bytes, 2 answer of 131080 bytes,"
                                    + " DATA_LOSS");
            raw.post("/v3/lock/lock", "{}");
            await(services.lockBegan);
        }
        await(services.cancelled);
        assertThat(follower.ended)
                .last()
                .isEqualTo("v3lockpb.Lock/Lock: 1 request of 0 bytes, 0 answer of 0 bytes, CANCELLED");
    }

    /** Writes down what it hears of each call once that has ended. */
    private static final class Follower extends ServerStreamTracer.Factory {

        final List<String> ended = new CopyOnWriteArrayList<>();

        @Override
        public ServerStreamTracer newServerStreamTracer(String fullMethodName, Metadata headers) {
            return new ServerStreamTracer() {
                private int requests;
                private long requestBytes;
                private int answers;
                private long answerBytes;

                @Override
                public void inboundMessage(int number) {
                    assertThat(number).isEqualTo(requests++);
                }

                @Override
                public void inboundUncompressedSize(long bytes) {
                    requestBytes += bytes;
                }

                @Override
                public void outboundMessage(int number) {
                    assertThat(number).isEqualTo(answers++);
                }

                @Override
                public void outboundUncompressedSize(long bytes) {
                    answerBytes += bytes;
                }

                @Override
                public void streamClosed(Status status) {
                    ended.add("%s: %d request of %d bytes, %d answer of %d bytes, %s"
                            .formatted(fullMethodName, requests, requestBytes, answers, answerBytes, status.getCode()));
                }
            };
        }
    }

    /** Services of which some are driven by the test, the others answer that they are not there. */
    private static final class Services {

        final AtomicInteger blobs = new AtomicInteger();
        final AtomicInteger keepAlives = new AtomicInteger();
        final CountDownLatch heldBack = new CountDownLatch(1);
        final CountDownLatch cancelled = new CountDownLatch(1);
        final CountDownLatch lockBegan = new CountDownLatch(1);
        volatile int failAfterBlobs = Integer.MAX_VALUE;
        volatile @Nullable ServerCallStreamObserver<LeaseKeepAliveResponse> keepAlive;

        List<BindableService> all() {
            return List.of(
                    new Kv(),
                    new Snapshots(),
                    new Leases(),
                    new Locks(),
                    new WatchGrpc.WatchImplBase() {},
                    new ClusterGrpc.ClusterImplBase() {},
                    new AuthGrpc.AuthImplBase() {},
                    new ElectionGrpc.ElectionImplBase() {});
        }

        private static final class Kv extends KVGrpc.KVImplBase {
            @Override
            public void put(PutRequest request, StreamObserver<PutResponse> call) {
                throw new IllegalStateException("broken on purpose");
            }

            @Override
            public void range(RangeRequest request, StreamObserver<RangeResponse> call) {
                call.onNext(RangeResponse.newBuilder().setCount(3).build());
                call.onCompleted();
            }
        }

        private final class Snapshots extends MaintenanceGrpc.MaintenanceImplBase {
            @Override
            public void snapshot(SnapshotRequest request, StreamObserver<SnapshotResponse> call) {
                var observer = (ServerCallStreamObserver<SnapshotResponse>) call;
                var blob = SnapshotResponse.newBuilder()
                        .setBlob(ByteString.copyFrom(new byte[BLOB_BYTES]))
                        .build();
                observer.setOnReadyHandler(() -> send(observer, blob));
            }

            private void send(ServerCallStreamObserver<SnapshotResponse> observer, SnapshotResponse blob) {
                while (observer.isReady() && blobs.get() < Math.min(BLOBS, failAfterBlobs)) {
                    blobs.incrementAndGet();
                    observer.onNext(blob);
                }
                if (blobs.get() == failAfterBlobs) {
                    observer.onError(Status.DATA_LOSS.withDescription("torn").asRuntimeException());
                } else if (blobs.get() == BLOBS) {
                    observer.onCompleted();
                } else {
                    heldBack.countDown();
                }
            }
        }

        private final class Leases extends LeaseGrpc.LeaseImplBase {
            @Override
            public StreamObserver<LeaseKeepAliveRequest> leaseKeepAlive(StreamObserver<LeaseKeepAliveResponse> call) {
                var observer = (ServerCallStreamObserver<LeaseKeepAliveResponse>) call;
                observer.disableAutoRequest();
                observer.setOnCancelHandler(cancelled::countDown);
                observer.request(1);
                keepAlive = observer;
                return new StreamObserver<>() {
                    @Override
                    public void onNext(LeaseKeepAliveRequest request) {
                        keepAlives.incrementAndGet();
                    }

                    @Override
                    public void onError(Throwable failure) {}

                    @Override
                    public void onCompleted() {}
                };
            }
        }

        private final class Locks extends LockGrpc.LockImplBase {
            @Override
            public void lock(LockRequest request, StreamObserver<LockResponse> call) {
                ((ServerCallStreamObserver<LockResponse>) call).setOnCancelHandler(cancelled::countDown);
                lockBegan.countDown();
            }
        }
    }
}
