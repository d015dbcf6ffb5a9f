package dev.keelson.server.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keelson.api.etcd.WatchGrpc;
import dev.keelson.api.etcd.WatchRequest;
import dev.keelson.api.etcd.WatchResponse;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerInterceptors;
import io.grpc.Status;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class OpenStreamsTest {

    private static final int TICKS_MAX = 30;

    private final OpenStreams streams = new OpenStreams(TICKS_MAX);
    private final Echo service = new Echo();
    private Server server;
    private ManagedChannel channel;

    /** Answers each request, and notes how its calls ended. */
    private static final class Echo extends WatchGrpc.WatchImplBase {

        private final BlockingQueue<String> ends = new LinkedBlockingQueue<>();

        @Override
        public StreamObserver<WatchRequest> watch(StreamObserver<WatchResponse> answers) {
            ((ServerCallStreamObserver<WatchResponse>) answers).setOnCancelHandler(() -> ends.add("cancelled"));
            return new StreamObserver<>() {
                @Override
                public void onNext(WatchRequest request) {
                    answers.onNext(WatchResponse.getDefaultInstance());
                }

                @Override
                public void onError(Throwable cause) {}

                @Override
                public void onCompleted() {
                    answers.onCompleted();
                }
            };
        }
    }

    /** Demands a leader where the client does. */
    private final class Guard implements ServerInterceptor {

        @Override
        public <Q, A> ServerCall.Listener<Q> interceptCall(
                ServerCall<Q, A> call, Metadata metadata, ServerCallHandler<Q, A> next) {
            return streams.start(call, metadata.containsKey(HAS_LEADER), metadata, next);
        }
    }

    private static final Metadata.Key<String> HAS_LEADER =
            Metadata.Key.of("hasleader", Metadata.ASCII_STRING_MARSHALLER);

    @BeforeEach
    void start() throws IOException {
        server = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .directExecutor()
                .addService(ServerInterceptors.intercept(service, new Guard()))
                .build()
                .start();
        channel = NettyChannelBuilder.forAddress(
                        (InetSocketAddress) server.getListenSockets().getFirst())
                .usePlaintext()
                .build();
    }

    @AfterEach
    void stop() {
        channel.shutdownNow();
        server.shutdownNow();
    }

    private static WatchCaller answered(WatchCaller caller) throws InterruptedException {
        caller.ask(WatchRequest.getDefaultInstance());
        assertThat(caller.next()).isEqualTo(WatchResponse.getDefaultInstance());
        return caller;
    }

    private String endOfService() throws InterruptedException {
        return String.valueOf(service.ends.poll(10, TimeUnit.SECONDS));
    }

    @Test
    void streamsThatDemandALeaderEndWhenNoneIsKnownForLong() throws Exception {
        WatchCaller demanding = answered(WatchCaller.openDemandingALeader(channel));
        WatchCaller content = answered(WatchCaller.open(channel));
        for (int ticks = 1; ticks < TICKS_MAX; ticks++) {
            streams.tick(() -> false);
        }
        streams.tick(() -> true);
        for (int ticks = 1; ticks < TICKS_MAX; ticks++) {
            streams.tick(() -> false);
        }
        assertThat(streams.size()).isEqualTo(2);

        streams.tick(() -> false);

        Status end = demanding.end();
        assertThat(end.getCode()).isEqualTo(Status.Code.UNAVAILABLE);
        assertThat(end.getDescription()).isEqualTo("etcdserver: no leader");
        assertThat(endOfService()).isEqualTo("cancelled");
        WatchCaller _ = answered(content);
        assertThat(streams.size()).isEqualTo(1);
    }

    @Test
    void aStopEndsAllStreamsAndThoseThatComeLater() throws Exception {
        WatchCaller open = answered(WatchCaller.open(channel));

        streams.stop();

        for (WatchCaller each : new WatchCaller[] {open, WatchCaller.open(channel)}) {
            Status end = each.end();
            assertThat(end.getCode()).isEqualTo(Status.Code.UNAVAILABLE);
            assertThat(end.getDescription()).isEqualTo("etcdserver: server stopped");
            assertThat(endOfService()).isEqualTo("cancelled");
        }
        assertThat(streams.size()).isZero();
    }

    @Test
    void aCallThatEndsByItselfIsForgotten() throws Exception {
        WatchCaller finished = answered(WatchCaller.open(channel));
        WatchCaller left = answered(WatchCaller.open(channel));

        finished.halfClose();
        assertThat(finished.end()).isEqualTo(Status.OK);
        left.close();

        assertThat(endOfService()).isEqualTo("cancelled");
        assertThat(streams.size()).isLessThanOrEqualTo(1);
        channel.shutdownNow();
        assertThat(server.shutdown().awaitTermination(10, TimeUnit.SECONDS)).isTrue();
        assertThat(streams.size()).isZero();
    }
}
