package dev.keelson.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.keelson.api.etcd.ResponseHeader;
import dev.keelson.api.etcd.WatchCreateRequest;
import dev.keelson.api.etcd.WatchGrpc;
import dev.keelson.api.etcd.WatchRequest;
import dev.keelson.api.etcd.WatchResponse;
import dev.keelson.api.mvcc.Event;
import dev.keelson.api.mvcc.KeyValue;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A session with a member that breaks its first stream off where the test says. */
final class WatchSessionTest {

    private static final long START = 3;
    private static final long NEWEST = 1_000;
    private static final long PATIENCE_SECONDS = 60;

    private final BlockingQueue<Long> starts = new ArrayBlockingQueue<>(8);
    private final AtomicBoolean unbroken = new AtomicBoolean(true);
    private List<WatchResponse.Builder> answers = List.of();
    private final Server member = NettyServerBuilder.forAddress(
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .addService(new BreakingOff())
            .build();

    private final class BreakingOff extends WatchGrpc.WatchImplBase {
        @Override
        public StreamObserver<WatchRequest> watch(StreamObserver<WatchResponse> stream) {
            return new StreamObserver<>() {
                @Override
                public void onNext(WatchRequest request) {
                    WatchCreateRequest create = request.getCreateRequest();
                    starts.add(create.getStartRevision());
                    if (unbroken.compareAndSet(true, false)) {
                        answers.forEach(answer -> stream.onNext(
                                answer.setWatchId(create.getWatchId()).build()));
                        stream.onError(Status.UNAVAILABLE.asRuntimeException());
                    }
                }

                @Override
                public void onError(Throwable cause) {}

                @Override
                public void onCompleted() {}
            };
        }
    }

    @BeforeEach
    void start() throws IOException {
        member.start();
    }

    @AfterEach
    void stop() {
        member.shutdownNow();
    }

    private static WatchResponse.Builder answer(long... revisions) {
        var answer =
                WatchResponse.newBuilder().setHeader(ResponseHeader.newBuilder().setRevision(NEWEST));
        for (long revision : revisions) {
            answer.addEvents(Event.newBuilder()
                    .setKv(KeyValue.newBuilder()
                            .setKey(ByteString.copyFromUtf8("k"))
                            .setModRevision(revision)));
        }
        return answer;
    }

    /** From where the session goes on after the member has given these answers and broken off. */
    private long goesOnFrom(WatchResponse.Builder... given) throws InterruptedException {
        answers = List.of(given);
        var connection = new Connection();
        connection.endpoints = "127.0.0.1:" + member.getPort();
        try (var session = new WatchSession(connection)) {
            session.watch(
                    WatchCreateRequest.newBuilder().setStartRevision(START).build(), _ -> {});
            Long first = starts.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
            assertThat(first).isEqualTo(START);
            Long next = starts.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
            assertThat(next).isNotNull();
            return next;
        }
    }

    @Test
    void aWatcherThatCatchesUpGoesOnBehindTheLastChangeItHeardOf() throws InterruptedException {
        assertThat(goesOnFrom(answer(3, 4, 7))).isEqualTo(8);
    }

    @Test
    void aPieceOfAnAnswerIsHeardAgainWithTheRestOfItsRevision() throws InterruptedException {
        assertThat(goesOnFrom(answer(3, 4).setFragment(true))).isEqualTo(4);
    }

    @Test
    void anAnswerWithoutChangesSaysThatThereWereNone() throws InterruptedException {
        assertThat(goesOnFrom(answer())).isEqualTo(NEWEST + 1);
    }

    @Test
    void aWatcherThatHeardNothingBeginsAgainWhereItBegan() throws InterruptedException {
        assertThat(goesOnFrom()).isEqualTo(START);
    }
}
