package dev.keelson.server.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.keelson.api.etcd.WatchCancelRequest;
import dev.keelson.api.etcd.WatchCreateRequest;
import dev.keelson.api.etcd.WatchGrpc;
import dev.keelson.api.etcd.WatchProgressRequest;
import dev.keelson.api.etcd.WatchRequest;
import dev.keelson.api.etcd.WatchResponse;
import io.grpc.Channel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.grpc.stub.MetadataUtils;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A client at the end of one watch stream that takes answers one at a time. */
final class WatchCaller implements ClientResponseObserver<WatchRequest, WatchResponse>, AutoCloseable {

    private static final long PATIENCE_SECONDS = 20;

    private final BlockingQueue<Object> came = new LinkedBlockingQueue<>();
    private final int listening;
    private @Nullable ClientCallStreamObserver<WatchRequest> call;

    private WatchCaller(int listening) {
        this.listening = listening;
    }

    /** A client that takes whatever comes. */
    static WatchCaller open(Channel channel) {
        return open(channel, new Metadata(), Integer.MAX_VALUE);
    }

    /** A client that takes so many answers, and more when told to. */
    static WatchCaller openListeningTo(Channel channel, int answers) {
        return open(channel, new Metadata(), answers);
    }

    /** A client that demands that its member knows a leader. */
    static WatchCaller openDemandingALeader(Channel channel) {
        var metadata = new Metadata();
        metadata.put(Metadata.Key.of("hasleader", Metadata.ASCII_STRING_MARSHALLER), "true");
        return open(channel, metadata, Integer.MAX_VALUE);
    }

    private static WatchCaller open(Channel channel, Metadata metadata, int answers) {
        var caller = new WatchCaller(answers);
        var _ = WatchGrpc.newStub(channel)
                .withMaxInboundMessageSize(Integer.MAX_VALUE)
                .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(metadata))
                .watch(caller);
        return caller;
    }

    @Override
    public void beforeStart(ClientCallStreamObserver<WatchRequest> started) {
        call = started;
        if (listening != Integer.MAX_VALUE) {
            started.disableAutoRequestWithInitial(listening);
        }
    }

    private ClientCallStreamObserver<WatchRequest> call() {
        return Objects.requireNonNull(call);
    }

    @Override
    public void onNext(WatchResponse answer) {
        came.add(answer);
    }

    @Override
    public void onError(Throwable cause) {
        came.add(Status.fromThrowable(cause));
    }

    @Override
    public void onCompleted() {
        came.add(Status.OK);
    }

    static WatchCreateRequest.Builder on(String key) {
        return WatchCreateRequest.newBuilder().setKey(ByteString.copyFromUtf8(key));
    }

    static WatchCreateRequest.Builder on(String key, String end) {
        return on(key).setRangeEnd(ByteString.copyFromUtf8(end));
    }

    void ask(WatchRequest request) {
        call().onNext(request);
    }

    void ask(WatchCreateRequest.Builder create) {
        ask(WatchRequest.newBuilder().setCreateRequest(create).build());
    }

    /** Asks for a watcher and waits until there is one. */
    WatchResponse create(WatchCreateRequest.Builder create) throws InterruptedException {
        ask(create);
        WatchResponse created = next();
        assertThat(created.getCreated()).isTrue();
        return created;
    }

    void cancel(long watchId) {
        ask(WatchRequest.newBuilder()
                .setCancelRequest(WatchCancelRequest.newBuilder().setWatchId(watchId))
                .build());
    }

    void requestProgress() {
        ask(WatchRequest.newBuilder()
                .setProgressRequest(WatchProgressRequest.getDefaultInstance())
                .build());
    }

    /** Takes more answers. */
    void listenTo(int answers) {
        call().request(answers);
    }

    void halfClose() {
        call().onCompleted();
    }

    WatchResponse next() throws InterruptedException {
        Object next = came.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        assertThat(next).as("an answer in time").isInstanceOf(WatchResponse.class);
        return (WatchResponse) Objects.requireNonNull(next);
    }

    Status end() throws InterruptedException {
        Object next = came.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        assertThat(next).as("an end in time").isInstanceOf(Status.class);
        return (Status) Objects.requireNonNull(next);
    }

    @Override
    public void close() {
        call().cancel("enough", null);
    }
}
