package dev.keelson.server.cli;

import dev.keelson.api.etcd.WatchCreateRequest;
import dev.keelson.api.etcd.WatchGrpc;
import dev.keelson.api.etcd.WatchProgressRequest;
import dev.keelson.api.etcd.WatchRequest;
import dev.keelson.api.etcd.WatchResponse;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Watchers over one stream, which goes on at the next member where the one before is lost: each hears of every change
 * once.
 *
 * <p>Thread rule: any thread; all of it under one lock, so a watcher that takes its time holds up the others.
 */
final class WatchSession implements AutoCloseable {

    private static final long REST_MILLIS = 100;
    private static final int ANSWER_BYTES_MAX = Integer.MAX_VALUE;
    private static final long NO_WATCHER = -1;
    private static final Metadata.Key<String> HAS_LEADER =
            Metadata.Key.of("hasleader", Metadata.ASCII_STRING_MARSHALLER);
    private static final Executor LATER = CompletableFuture.delayedExecutor(REST_MILLIS, TimeUnit.MILLISECONDS);

    private final Connection connection;
    private final List<String> addresses;
    private final CompletableFuture<@Nullable Void> end = new CompletableFuture<>();
    private final Map<Long, Watcher> watchers = new TreeMap<>();
    private int attempts;
    private long lastId;
    private @Nullable ManagedChannel channel;
    private @Nullable StreamObserver<WatchRequest> stream;

    /** One watcher, and from where it goes on. */
    private static final class Watcher {

        private final WatchCreateRequest request;
        private final Consumer<WatchResponse> sink;
        private long nextRevision;
        private boolean created;

        Watcher(WatchCreateRequest request, Consumer<WatchResponse> sink) {
            this.request = request;
            this.sink = sink;
            this.nextRevision = request.getStartRevision();
        }
    }

    /** Begins at the first of the addresses. */
    WatchSession(Connection connection) {
        this.connection = connection;
        this.addresses = connection.addresses();
        connect();
    }

    /** Done when no watcher is left, or with what ended them all. */
    CompletableFuture<@Nullable Void> end() {
        return end;
    }

    synchronized void watch(WatchCreateRequest request, Consumer<WatchResponse> sink) {
        var watcher = new Watcher(request, sink);
        watchers.put(++lastId, watcher);
        create(lastId, watcher);
    }

    synchronized void requestProgress() {
        send(WatchRequest.newBuilder()
                .setProgressRequest(WatchProgressRequest.getDefaultInstance())
                .build());
    }

    private void create(long id, Watcher watcher) {
        send(WatchRequest.newBuilder()
                .setCreateRequest(watcher.request.toBuilder().setWatchId(id).setStartRevision(watcher.nextRevision))
                .build());
    }

    private void send(WatchRequest request) {
        if (stream != null) {
            stream.onNext(request);
        }
    }

    private synchronized void connect() {
        ManagedChannel opened = connection.open(addresses.get(attempts++ % addresses.size()));
        channel = opened;
        var metadata = new Metadata();
        metadata.put(HAS_LEADER, "true");
        stream = WatchGrpc.newStub(opened)
                .withMaxInboundMessageSize(ANSWER_BYTES_MAX)
                .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(metadata))
                .watch(new Answers());
        watchers.values().forEach(watcher -> watcher.created = false);
        watchers.forEach(this::create);
    }

    private synchronized void heard(WatchResponse answer) {
        if (answer.getWatchId() != NO_WATCHER) {
            Watcher watcher = watchers.get(answer.getWatchId());
            if (watcher != null) {
                heard(watcher, answer);
            }
        } else if (answer.getCreated()) {
            // Creations are answered in their order, so the first that waits is the one refused.
            watchers.values().stream()
                    .filter(watcher -> !watcher.created)
                    .findFirst()
                    .ifPresent(watcher -> heard(watcher, answer));
        } else {
            watchers.values().forEach(watcher -> watcher.sink.accept(answer));
        }
    }

    private void heard(Watcher watcher, WatchResponse answer) {
        if (answer.getCanceled()) {
            watchers.values().remove(watcher);
            watcher.sink.accept(answer);
            if (watchers.isEmpty()) {
                end.complete(null);
            }
        } else if (answer.getCreated()) {
            watcher.created = true;
            if (watcher.nextRevision == 0) {
                watcher.nextRevision = answer.getHeader().getRevision() + 1;
            }
        } else {
            watcher.nextRevision = Math.max(watcher.nextRevision, nextRevision(answer));
            watcher.sink.accept(answer);
        }
    }

    /**
     * From where a watcher goes on behind an answer. The header of one with changes names the newest revision, of which a
     * watcher that catches up may yet be far; and after a piece of an answer the rest of its last revision is to come.
     */
    private static long nextRevision(WatchResponse answer) {
        if (answer.getEventsCount() == 0) {
            return answer.getHeader().getRevision() + 1;
        }
        long last = answer.getEvents(answer.getEventsCount() - 1).getKv().getModRevision();
        return answer.getFragment() ? last : last + 1;
    }

    private synchronized void lost(Throwable cause) {
        disconnect();
        Status.Code code = Status.fromThrowable(cause).getCode();
        if (code == Status.Code.UNAVAILABLE || code == Status.Code.INTERNAL) {
            LATER.execute(this::connect);
        } else {
            end.completeExceptionally(cause);
        }
    }

    private void disconnect() {
        stream = null;
        if (channel != null) {
            channel.shutdownNow();
        }
    }

    @Override
    public synchronized void close() {
        end.cancel(false);
        disconnect();
    }

    private final class Answers implements StreamObserver<WatchResponse> {

        @Override
        public void onNext(WatchResponse answer) {
            try {
                heard(answer);
            } catch (CommandFailure failure) {
                end.completeExceptionally(failure);
            }
        }

        @Override
        public void onError(Throwable cause) {
            if (!end.isDone()) {
                lost(cause);
            }
        }

        @Override
        public void onCompleted() {
            end.complete(null);
        }
    }
}
