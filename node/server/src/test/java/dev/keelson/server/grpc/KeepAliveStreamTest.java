package dev.keelson.server.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keelson.api.etcd.LeaseKeepAliveRequest;
import dev.keelson.api.etcd.LeaseKeepAliveResponse;
import dev.keelson.api.etcd.ResponseHeader;
import dev.keelson.engine.Reply;
import dev.keelson.mvcc.StoreError;
import dev.keelson.mvcc.StoreException;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A stream between a client and renewals that are both played by the test. */
final class KeepAliveStreamTest {

    private final Client client = new Client();
    private final Map<Long, Reply<Long>> renewals = new HashMap<>();
    private long revision = 1;
    private final KeepAliveStream stream = new KeepAliveStream(
            renewals::put,
            () -> ResponseHeader.newBuilder().setRevision(revision).build(),
            client);

    @BeforeEach
    void open() {
        stream.open();
    }

    private void send(long id) {
        stream.onNext(LeaseKeepAliveRequest.newBuilder().setID(id).build());
    }

    private void renew(long id, long seconds) {
        Objects.requireNonNull(renewals.get(id)).succeed(seconds);
    }

    @Test
    void renewalsAreAwaitedUntilTheClientGivesTheStreamUp() {
        send(1);
        assertThat(renewals.get(1L)).returns(true, Reply::isAwaited);

        stream.onError(Status.CANCELLED.asRuntimeException());

        assertThat(renewals.get(1L)).returns(false, Reply::isAwaited);
    }

    @Test
    void answersLeaveInTheOrderOfTheRequestsWhateverEndsFirst() {
        send(1);
        send(2);
        send(3);

        renew(3, 30);
        renew(1, 10);
        assertThat(client.seconds()).containsExactly(10L);
        renew(2, 20);

        assertThat(client.seconds()).containsExactly(10L, 20L, 30L);
    }

    @Test
    void theHeaderIsOfTheTimeBeforeTheRenewal() {
        revision = 7;
        send(1);
        revision = 8;

        renew(1, 10);

        assertThat(client.answers.getFirst().getHeader().getRevision()).isEqualTo(7);
    }

    @Test
    void aFailureEndsTheStreamAfterTheAnswersBeforeIt() {
        send(1);
        send(2);
        send(3);

        Objects.requireNonNull(renewals.get(2L)).fail(new StoreException(StoreError.NO_LEADER));
        renew(3, 30);
        assertThat(client.end).isNull();
        renew(1, 10);

        assertThat(client.seconds()).containsExactly(10L);
        assertThat(client.end).isNotNull();
        assertThat(client.end.getCode()).isEqualTo(Status.Code.UNAVAILABLE);
        assertThat(client.end.getDescription()).isEqualTo("etcdserver: no leader");
    }

    @Test
    void aClientThatHasSaidAllIsStillAnsweredAll() {
        send(1);
        stream.onCompleted();
        assertThat(client.end).isNull();

        renew(1, 10);

        assertThat(client.seconds()).containsExactly(10L);
        assertThat(client.end).isEqualTo(Status.OK);
    }

    @Test
    void aClientThatHasSaidNothingIsAnsweredNothing() {
        stream.onCompleted();

        assertThat(client.end).isEqualTo(Status.OK);
    }

    @Test
    void oneWhoDoesNotReadIsNotHeardEither() {
        assertThat(client.requested).isEqualTo(KeepAliveStream.WINDOW);
        client.ready = false;

        for (long id = 1; id <= KeepAliveStream.WINDOW; id++) {
            send(id);
            renew(id, 10);
        }
        assertThat(client.requested).isEqualTo(KeepAliveStream.WINDOW);
        client.read();

        assertThat(client.requested).isEqualTo(2 * KeepAliveStream.WINDOW);
    }

    @Test
    void anAnswerMakesRoomForOneRequest() {
        send(1);
        send(2);

        renew(2, 20);
        assertThat(client.requested).isEqualTo(KeepAliveStream.WINDOW);
        renew(1, 10);

        assertThat(client.requested).isEqualTo(KeepAliveStream.WINDOW + 2);
    }

    @Test
    void oneWhoIsGoneHearsNothingMore() {
        send(1);

        client.cancel();
        renew(1, 10);
        send(2);

        assertThat(client.answers).isEmpty();
        assertThat(client.end).isNull();
        assertThat(renewals).doesNotContainKey(2L);
    }

    /** The client's end of the call. */
    private static final class Client extends ServerCallStreamObserver<LeaseKeepAliveResponse> {

        private final List<LeaseKeepAliveResponse> answers = new ArrayList<>();
        private @Nullable Status end;
        private boolean ready = true;
        private int requested;
        private Runnable onReady = () -> {};
        private Runnable onCancel = () -> {};

        List<Long> seconds() {
            return answers.stream().map(LeaseKeepAliveResponse::getTTL).toList();
        }

        void read() {
            ready = true;
            onReady.run();
        }

        void cancel() {
            onCancel.run();
        }

        @Override
        public void onNext(LeaseKeepAliveResponse answer) {
            answers.add(answer);
        }

        @Override
        public void onError(Throwable failure) {
            end = Status.fromThrowable(failure);
        }

        @Override
        public void onCompleted() {
            end = Status.OK;
        }

        @Override
        public boolean isReady() {
            return ready;
        }

        @Override
        public void request(int count) {
            requested += count;
        }

        @Override
        public void setOnReadyHandler(Runnable handler) {
            onReady = handler;
        }

        @Override
        public void setOnCancelHandler(Runnable handler) {
            onCancel = handler;
        }

        @Override
        public void disableAutoRequest() {
            assertThat(requested).isZero();
        }

        @Override
        public boolean isCancelled() {
            return false;
        }

        @Override
        public void setCompression(String compression) {
            throw new UnsupportedOperationException(compression);
        }

        @Override
        public void disableAutoInboundFlowControl() {
            throw new UnsupportedOperationException("replaced by disableAutoRequest");
        }

        @Override
        public void setMessageCompression(boolean enable) {
            throw new UnsupportedOperationException("compression " + enable);
        }
    }
}
