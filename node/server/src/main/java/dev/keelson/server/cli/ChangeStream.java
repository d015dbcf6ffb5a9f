package dev.keelson.server.cli;

import com.google.protobuf.ByteString;
import dev.keelson.api.etcd.WatchCreateRequest;
import dev.keelson.api.etcd.WatchGrpc;
import dev.keelson.api.etcd.WatchProgressRequest;
import dev.keelson.api.etcd.WatchRequest;
import dev.keelson.api.etcd.WatchResponse;
import dev.keelson.api.mvcc.Event;
import dev.keelson.api.mvcc.KeyValue;
import dev.keelson.backup.cluster.Change;
import dev.keelson.backup.cluster.ChangeSink;
import dev.keelson.backup.cluster.SourceCluster;
import dev.keelson.backup.cluster.SourceException;
import dev.keelson.mvcc.key.HistoryRow;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * All changes of a cluster from a revision on, from whichever member gives them: when one is lost, or no longer follows a
 * leader, the next goes on behind the last revision that came whole.
 *
 * <p>Answers come one at a time, each asked for when the one before it was taken: who takes his time holds up the member, and
 * nothing piles up here.
 *
 * <p>Thread rule: any thread; what members say, one at a time.
 */
final class ChangeStream implements SourceCluster.Subscription {

    private static final long REST_MILLIS = 200;
    private static final long WATCH_ID = 1;
    private static final int ANSWER_BYTES_MAX = Integer.MAX_VALUE;
    private static final String DENIED = "permission denied";
    private static final ByteString ALL_KEYS = ByteString.copyFrom(new byte[1]);
    private static final Metadata.Key<String> HAS_LEADER =
            Metadata.Key.of("hasleader", Metadata.ASCII_STRING_MARSHALLER);
    private static final Executor LATER = CompletableFuture.delayedExecutor(REST_MILLIS, TimeUnit.MILLISECONDS);

    private final Connection connection;
    private final List<String> addresses;
    private final ChangeSink sink;
    private final List<Change> incomplete = new ArrayList<>();
    private long nextRevision;
    private int attempts;
    private boolean closed;
    private @Nullable ManagedChannel channel;
    private @Nullable StreamObserver<WatchRequest> requests;

    ChangeStream(Connection connection, long fromRevision, ChangeSink sink) {
        this.connection = connection;
        this.addresses = connection.addresses();
        this.nextRevision = fromRevision;
        this.sink = sink;
        connect();
    }

    private synchronized void connect() {
        if (closed) {
            return;
        }
        incomplete.clear();
        ManagedChannel opened = connection.open(addresses.get(attempts++ % addresses.size()));
        channel = opened;
        var metadata = new Metadata();
        metadata.put(HAS_LEADER, "true");
        try {
            StreamObserver<WatchRequest> stream = WatchGrpc.newStub(opened)
                    .withMaxInboundMessageSize(ANSWER_BYTES_MAX)
                    .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(metadata))
                    .watch(new Answers(opened));
            requests = stream;
            stream.onNext(WatchRequest.newBuilder()
                    .setCreateRequest(WatchCreateRequest.newBuilder()
                            .setKey(ALL_KEYS)
                            .setRangeEnd(ALL_KEYS)
                            .setWatchId(WATCH_ID)
                            .setFragment(true)
                            .setProgressNotify(true)
                            .setStartRevision(nextRevision))
                    .build());
        } catch (StatusRuntimeException | CommandFailure refused) {
            lost(opened, refused);
        }
    }

    @Override
    public synchronized void requestProgress() {
        if (requests != null) {
            requests.onNext(WatchRequest.newBuilder()
                    .setProgressRequest(WatchProgressRequest.getDefaultInstance())
                    .build());
        }
    }

    /** A revision is whole when one behind it has begun, or the answer is not a fragment. */
    private void heard(WatchResponse answer) {
        if (answer.getCompactRevision() > 0) {
            close();
            sink.compacted(answer.getCompactRevision());
            return;
        }
        if (answer.getCanceled()) {
            if (answer.getCancelReason().contains(DENIED)) {
                throw Status.PERMISSION_DENIED
                        .withDescription(answer.getCancelReason())
                        .asRuntimeException();
            }
            throw Status.UNAVAILABLE.withDescription(answer.getCancelReason()).asRuntimeException();
        }
        if (answer.getCreated()) {
            return;
        }
        for (Event event : answer.getEventsList()) {
            incomplete.add(change(event));
        }
        int whole = answer.getFragment() ? beginOfLastRevision() : incomplete.size();
        List<Change> ready = List.copyOf(incomplete.subList(0, whole));
        incomplete.subList(0, whole).clear();
        long revision = ready.isEmpty() ? 0 : ready.getLast().revision();
        if (answer.getEventsCount() == 0 && !answer.getFragment()) {
            revision = answer.getHeader().getRevision();
        }
        if (!ready.isEmpty() || revision > 0) {
            sink.changes(ready, revision, answer.getHeader().getRaftTerm());
        }
        if (!ready.isEmpty()) {
            synchronized (this) {
                nextRevision = ready.getLast().revision() + 1;
            }
        }
    }

    private int beginOfLastRevision() {
        int at = incomplete.size();
        while (at > 0
                && incomplete.get(at - 1).revision() == incomplete.getLast().revision()) {
            at--;
        }
        return at;
    }

    private static Change change(Event event) {
        KeyValue kv = event.getKv();
        byte[] key = kv.getKey().toByteArray();
        boolean deletion = event.getType() == Event.EventType.DELETE;
        HistoryRow row = deletion
                ? HistoryRow.ofTombstone(key)
                : new HistoryRow(
                        key,
                        kv.getCreateRevision(),
                        kv.getModRevision(),
                        kv.getVersion(),
                        kv.getValue().toByteArray(),
                        kv.getLease());
        return new Change(kv.getModRevision(), deletion, row.lease(), row.write());
    }

    private synchronized void lost(ManagedChannel from, Throwable cause) {
        if (closed || !from.equals(channel)) {
            return;
        }
        from.shutdownNow();
        requests = null;
        Status.Code code = Status.fromThrowable(cause).getCode();
        switch (code) {
            case PERMISSION_DENIED, UNAUTHENTICATED, INVALID_ARGUMENT, UNIMPLEMENTED ->
                sink.refused(new SourceException(
                        "the cluster does not let its changes be followed: " + cause.getMessage()
                                + "; a user with the right to read all keys may",
                        cause));
            default -> LATER.execute(this::connect);
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        requests = null;
        if (channel != null) {
            channel.shutdownNow();
        }
    }

    /** What one member says; what it says when another was asked since is nobody's business. */
    private final class Answers implements StreamObserver<WatchResponse> {

        private final ManagedChannel from;

        Answers(ManagedChannel from) {
            this.from = from;
        }

        @Override
        public void onNext(WatchResponse answer) {
            if (isCurrent()) {
                try {
                    heard(answer);
                } catch (IllegalArgumentException outOfOrder) {
                    sink.refused(new SourceException(
                            "a member sent changes out of their order: " + outOfOrder.getMessage(), outOfOrder));
                } catch (StatusRuntimeException canceled) {
                    lost(from, canceled);
                }
            }
        }

        private boolean isCurrent() {
            synchronized (ChangeStream.this) {
                return !closed && from.equals(channel);
            }
        }

        @Override
        public void onError(Throwable cause) {
            lost(from, cause);
        }

        @Override
        public void onCompleted() {
            lost(from, Status.UNAVAILABLE.asException());
        }
    }
}
