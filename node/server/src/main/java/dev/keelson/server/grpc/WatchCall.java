package dev.keelson.server.grpc;

import dev.keelson.api.etcd.WatchCreateRequest;
import dev.keelson.api.etcd.WatchRequest;
import dev.keelson.mvcc.StoreError;
import dev.keelson.mvcc.watch.WatchSink;
import dev.keelson.mvcc.watch.WatchStream;
import dev.keelson.server.auth.Identity;
import dev.keelson.server.port.StreamExit;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One stream of watches: passes on what the client asks, and no faster than its answers leave.
 *
 * <p>A creation takes its place among {@link #REQUESTS_AHEAD} until it is answered, any request until the client takes
 * its answers: who asks without listening is not read from any more.
 *
 * <p>That the client has said all it will does not end the stream: a gateway sends its one request and then listens, for
 * as long as it likes.
 *
 * <p>Thread rule: the methods of the listener on the connection's event loop.
 */
final class WatchCall extends ServerCall.Listener<WatchRequest> {

    /** Requests that are read before the first of them is answered. */
    static final int REQUESTS_AHEAD = 64;

    private final ServerCall<WatchRequest, byte[]> call;
    private final WatchAnswers answers;
    private final AnswerOutlet outlet;
    private final WatchStream stream;
    private final Rights rights;
    private final Identity identity = Identity.current();
    private final AtomicInteger unread = new AtomicInteger();

    /** Who may watch what. */
    interface Rights {

        /** Everybody everything. */
        Rights ALL = (_, _) -> null;

        /** Why a call may not watch this, null when it may. */
        @Nullable
        StoreError refusal(Identity identity, dev.keelson.mvcc.watch.WatchRequest request);
    }

    private WatchCall(
            ServerCall<WatchRequest, byte[]> call,
            Function<WatchSink, WatchStream> watches,
            WatchAnswers.Shared shared,
            Rights rights) {
        this.call = call;
        this.rights = rights;
        StreamExit exit = StreamExit.current();
        this.outlet = exit == null
                ? new CallOutlet(call, this::room)
                : new StreamOutlet(exit, shared.held(), shared.listener(), this::room);
        this.answers = new WatchAnswers(shared, outlet, this::readAnother);
        this.stream = watches.apply(answers);
    }

    /** @param watches opens a stream that answers to a sink */
    static WatchCall open(
            ServerCall<WatchRequest, byte[]> call,
            Function<WatchSink, WatchStream> watches,
            WatchAnswers.Shared shared,
            Rights rights) {
        call.sendHeaders(new Metadata());
        var opened = new WatchCall(call, watches, shared, rights);
        call.request(REQUESTS_AHEAD);
        return opened;
    }

    @Override
    public void onMessage(WatchRequest request) {
        switch (request.getRequestUnionCase()) {
            case CREATE_REQUEST -> {
                WatchCreateRequest create = request.getCreateRequest();
                answers.expect(create.getFragment());
                create(translate(create));
            }
            case CANCEL_REQUEST -> {
                stream.cancel(request.getCancelRequest().getWatchId());
                readAnother();
            }
            case PROGRESS_REQUEST -> {
                stream.requestProgress();
                readAnother();
            }
            // A kind of request that is not known here yet ends nothing.
            case REQUESTUNION_NOT_SET -> readAnother();
        }
    }

    /** A start that never was is refused before anything else. */
    private void create(dev.keelson.mvcc.watch.WatchRequest request) {
        StoreError refusal = request.startRevision() < 0 ? null : rights.refusal(identity, request);
        if (refusal == null) {
            stream.create(request);
        } else {
            stream.refuse(Statuses.rendered(refusal));
        }
    }

    private static dev.keelson.mvcc.watch.WatchRequest translate(WatchCreateRequest sent) {
        return new dev.keelson.mvcc.watch.WatchRequest(
                sent.getWatchId(),
                RequestTranslation.bytes(sent.getKey()),
                RequestTranslation.bytes(sent.getRangeEnd()),
                sent.getStartRevision(),
                sent.getProgressNotify(),
                sent.getFiltersList().contains(WatchCreateRequest.FilterType.NOPUT),
                sent.getFiltersList().contains(WatchCreateRequest.FilterType.NODELETE),
                sent.getPrevKv(),
                sent.getFragment());
    }

    /** Counted before the look at the room: what {@link #room} does not find here finds room itself. */
    private void readAnother() {
        unread.incrementAndGet();
        if (outlet.hasRoom()) {
            read();
        }
    }

    private void read() {
        int requests = unread.getAndSet(0);
        if (requests > 0) {
            call.request(requests);
        }
    }

    private void room() {
        read();
        stream.resume();
    }

    @Override
    public void onReady() {
        outlet.ready();
    }

    @Override
    public void onCancel() {
        end();
    }

    @Override
    public void onComplete() {
        end();
    }

    private void end() {
        stream.close();
        outlet.close();
    }
}
