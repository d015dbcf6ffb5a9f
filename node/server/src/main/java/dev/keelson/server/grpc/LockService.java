package dev.keelson.server.grpc;

import com.google.protobuf.ByteString;
import dev.keelson.api.lock.LockGrpc;
import dev.keelson.api.lock.LockRequest;
import dev.keelson.api.lock.LockResponse;
import dev.keelson.api.lock.UnlockRequest;
import dev.keelson.api.lock.UnlockResponse;
import dev.keelson.engine.NodeEngine;
import dev.keelson.mvcc.DeleteRangeRequest;
import dev.keelson.mvcc.DeleteRangeResult;
import dev.keelson.mvcc.RequestChecks;
import dev.keelson.mvcc.StoreException;
import dev.keelson.server.auth.Identity;
import dev.keelson.server.contest.Contest;
import dev.keelson.server.contest.Outcome;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;

/**
 * Locks: a contest that a call waits to win. Every refusal leaves without a code, as from etcd, where the service is a
 * client of its own server.
 *
 * <p>Thread rule: called on event loops; replies leave on the engine's workers.
 */
final class LockService extends LockGrpc.LockImplBase {

    private static final byte[] NOTHING = {};

    private final NodeEngine engine;
    private final ReplyHeaders headers;

    LockService(NodeEngine engine, ReplyHeaders headers) {
        this.engine = engine;
        this.headers = headers;
    }

    @Override
    public void lock(LockRequest sent, StreamObserver<LockResponse> call) {
        var contest = new Contest(
                new Contest.On(engine, Identity.current()),
                Contest.Kind.LOCK,
                sent.getName().toByteArray(),
                NOTHING,
                outcome -> answer(call, outcome));
        ((ServerCallStreamObserver<LockResponse>) call).setOnCancelHandler(contest::cancel);
        contest.enter(sent.getLease());
    }

    private void answer(StreamObserver<LockResponse> call, Outcome outcome) {
        switch (outcome) {
            case Outcome.Won won -> {
                call.onNext(LockResponse.newBuilder()
                        .setHeader(headers.at(won.revision()))
                        .setKey(ByteString.copyFrom(won.key()))
                        .build());
                call.onCompleted();
            }
            case Outcome.Lost _ -> call.onError(Statuses.unknown("mutex: session is expired"));
            case Outcome.Failed failed -> call.onError(Statuses.unknown(failed.reason()));
            case Outcome.Left _ -> {}
        }
    }

    @Override
    public void unlock(UnlockRequest sent, StreamObserver<UnlockResponse> call) {
        var request = new DeleteRangeRequest(sent.getKey().toByteArray(), NOTHING, false);
        try {
            RequestChecks.check(request);
        } catch (StoreException refused) {
            call.onError(Statuses.unknown(refused.error().text()));
            return;
        }
        var reply = new UncodedReply<DeleteRangeResult>(call, result -> {
            call.onNext(UnlockResponse.newBuilder()
                    .setHeader(headers.at(result.revision()))
                    .build());
            call.onCompleted();
        });
        Identity.current().ask(reply, caller -> engine.keys().deleteRange(caller, request, reply));
    }
}
