package dev.keelson.server.grpc;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.keelson.api.election.LeaderResponse;
import dev.keelson.api.etcd.WatchResponse;
import dev.keelson.api.mvcc.Event;
import dev.keelson.api.mvcc.KeyValue;
import dev.keelson.engine.NodeEngine;
import dev.keelson.engine.Reply;
import dev.keelson.mvcc.RangeResult;
import dev.keelson.mvcc.StoreError;
import dev.keelson.mvcc.StoreException;
import dev.keelson.mvcc.watch.EventList;
import dev.keelson.mvcc.watch.WatchRequest;
import dev.keelson.mvcc.watch.WatchSink;
import dev.keelson.mvcc.watch.WatchStream;
import dev.keelson.server.auth.Identity;
import dev.keelson.server.auth.WatchRights;
import dev.keelson.server.contest.ContestKeys;
import io.grpc.Status;
import io.grpc.SynchronizationContext;
import io.grpc.stub.ServerCallStreamObserver;
import org.jspecify.annotations.Nullable;

/**
 * A client that observes an election: it is told who leads now, then everything that one proclaims, and when its key is
 * gone, who leads next.
 *
 * <p>While nobody leads it waits for the first key below the prefix. Leaders that came and went between two looks may be
 * left out; the newest one is always told, and what one leader proclaims comes in order.
 *
 * <p>Thread rule: event loops, the watch worker and the engine's workers take turns.
 */
final class ObserveStream {

    private final NodeEngine engine;
    private final ReplyHeaders headers;
    private final ContestKeys keys;
    private final ServerCallStreamObserver<LeaderResponse> call;
    private final Identity identity = Identity.current();
    private final SynchronizationContext turn;
    private @Nullable Watched watched;
    private boolean ended;

    ObserveStream(
            NodeEngine engine, ReplyHeaders headers, ContestKeys keys, ServerCallStreamObserver<LeaderResponse> call) {
        this.engine = engine;
        this.headers = headers;
        this.keys = keys;
        this.call = call;
        this.turn = new SynchronizationContext((_, failure) -> {
            stop();
            call.onError(Status.INTERNAL.withCause(failure).asRuntimeException());
        });
    }

    /** Begins; to be called while the call does. */
    void open() {
        call.setOnCancelHandler(() -> turn.execute(this::stop));
        call.setOnReadyHandler(() -> turn.execute(() -> {
            if (watched != null) {
                watched.stream.resume();
            }
        }));
        turn.execute(this::look);
    }

    private void look() {
        unwatch();
        var reply = new Reply<RangeResult>() {
            @Override
            public void succeed(RangeResult result) {
                turn.execute(() -> looked(result));
            }

            @Override
            public void fail(StoreException error) {
                turn.execute(() -> end(error.error().text()));
            }
        };
        identity.ask(reply, caller -> engine.keys().range(caller, keys.first(), reply));
    }

    private void looked(RangeResult result) {
        if (ended) {
            return;
        }
        if (result.kvs().isEmpty()) {
            watch(keys.anyPut(result.revision() + 1), false);
            return;
        }
        KeyValue leader = ReplyTranslation.keyValue(result.kvs().getFirst());
        tell(leader, result.revision());
        follow(leader, result.revision());
    }

    private void follow(KeyValue leader, long revision) {
        watch(ContestKeys.changesOf(leader.getKey().toByteArray(), revision + 1), true);
    }

    private void watch(WatchRequest request, boolean following) {
        unwatch();
        watched = new Watched(following);
        StoreError refusal = WatchRights.refusal(engine.auth(), identity, request);
        if (refusal == null) {
            watched.stream.create(request);
        } else {
            end(refusal.text());
        }
    }

    private void unwatch() {
        if (watched != null) {
            watched.stream.close();
            watched = null;
        }
    }

    private void tell(KeyValue leader, long revision) {
        call.onNext(LeaderResponse.newBuilder()
                .setHeader(headers.at(revision))
                .setKv(leader)
                .build());
    }

    private void end(String reason) {
        if (!ended) {
            stop();
            call.onError(Statuses.unknown(reason));
        }
    }

    private void stop() {
        ended = true;
        unwatch();
    }

    private static Event decode(byte[] event) {
        try {
            return WatchResponse.parseFrom(event).getEvents(0);
        } catch (InvalidProtocolBufferException impossible) {
            throw new IllegalStateException("the encoding of an event is none", impossible);
        }
    }

    /** One watch, of the leader's key or, while nobody leads, for any key to appear. */
    private final class Watched implements WatchSink {

        private final boolean following;
        private final WatchStream stream;

        Watched(boolean following) {
            this.following = following;
            this.stream = engine.watches().open(this);
        }

        /** Of another watch than the present one nothing is heard any more. */
        private void take(Runnable action) {
            turn.execute(() -> {
                if (watched == this) {
                    action.run();
                }
            });
        }

        @Override
        public boolean hasRoom() {
            return call.isReady();
        }

        @Override
        public void created(long watchId, long revision) {}

        @Override
        public void refused(String reason, long revision) {
            take(() -> end(reason));
        }

        @Override
        public void events(long watchId, EventList events, long revision) {
            take(() -> {
                if (following) {
                    proclaimed(events, revision);
                } else {
                    KeyValue leader = decode(events.encoded().getFirst()).getKv();
                    tell(leader, leader.getModRevision());
                    follow(leader, leader.getModRevision());
                }
            });
        }

        private void proclaimed(EventList events, long revision) {
            for (byte[] encoded : events.encoded()) {
                Event event = decode(encoded);
                if (event.getType() == Event.EventType.DELETE) {
                    look();
                    return;
                }
                tell(event.getKv(), revision);
            }
        }

        @Override
        public void progress(long watchId, long revision) {}

        @Override
        public void canceled(long watchId, long revision) {}

        @Override
        public void compacted(long watchId, long compactRevision) {
            take(ObserveStream.this::look);
        }
    }
}
