package dev.keelson.server.grpc;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import dev.keelson.api.election.CampaignRequest;
import dev.keelson.api.election.CampaignResponse;
import dev.keelson.api.election.ElectionGrpc;
import dev.keelson.api.election.LeaderKey;
import dev.keelson.api.election.LeaderRequest;
import dev.keelson.api.election.LeaderResponse;
import dev.keelson.api.election.ProclaimRequest;
import dev.keelson.api.election.ProclaimResponse;
import dev.keelson.api.election.ResignRequest;
import dev.keelson.api.election.ResignResponse;
import dev.keelson.engine.NodeEngine;
import dev.keelson.mvcc.RangeResult;
import dev.keelson.mvcc.StoreError;
import dev.keelson.mvcc.TxnRequest;
import dev.keelson.mvcc.TxnResult;
import dev.keelson.server.auth.Identity;
import dev.keelson.server.contest.Contest;
import dev.keelson.server.contest.ContestKeys;
import dev.keelson.server.contest.Outcome;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.function.Consumer;

/**
 * Elections: a contest that a candidate waits to win, and whose winners others observe. Every refusal leaves without a
 * code, as from etcd, where the service is a client of its own server.
 *
 * <p>Two answers are stricter than etcd's, which tells a candidate whose lease ended in the queue that it leads, and an
 * observer that cannot be served any more that all is well: here both are told.
 *
 * <p>Thread rule: called on event loops; replies leave on the engine's workers.
 */
final class ElectionService extends ElectionGrpc.ElectionImplBase {

    private static final String LEADER_MISSING = "\"leader\" field must be provided";
    private static final String NOT_LEADER = "election: not leader";
    private static final String NO_LEADER = "election: no leader";

    private final NodeEngine engine;
    private final ReplyHeaders headers;

    ElectionService(NodeEngine engine, ReplyHeaders headers) {
        this.engine = engine;
        this.headers = headers;
    }

    @Override
    public void campaign(CampaignRequest sent, StreamObserver<CampaignResponse> call) {
        var contest = new Contest(
                new Contest.On(engine, Identity.current()),
                Contest.Kind.ELECTION,
                sent.getName().toByteArray(),
                sent.getValue().toByteArray(),
                outcome -> answer(call, sent.getName(), outcome));
        ((ServerCallStreamObserver<CampaignResponse>) call).setOnCancelHandler(contest::cancel);
        contest.enter(sent.getLease());
    }

    private void answer(StreamObserver<CampaignResponse> call, ByteString name, Outcome outcome) {
        switch (outcome) {
            case Outcome.Won won ->
                end(
                        call,
                        CampaignResponse.newBuilder()
                                .setHeader(headers.at(won.revision()))
                                .setLeader(LeaderKey.newBuilder()
                                        .setName(name)
                                        .setKey(ByteString.copyFrom(won.key()))
                                        .setRev(won.createRevision())
                                        .setLease(won.lease()))
                                .build());
            case Outcome.Lost _ -> call.onError(Statuses.unknown(NOT_LEADER));
            case Outcome.Failed failed -> call.onError(Statuses.unknown(failed.reason()));
            case Outcome.Left _ -> {}
        }
    }

    /** A leader that names no lease is given one, for a key without any would lead for ever. */
    @Override
    public void proclaim(ProclaimRequest sent, StreamObserver<ProclaimResponse> call) {
        if (isRefused(sent.hasLeader(), sent.getLeader(), call)) {
            return;
        }
        long lease = sent.getLeader().getLease();
        Identity identity = Identity.current();
        if (lease != 0) {
            proclaim(sent, lease, identity, call);
            return;
        }
        engine.leases()
                .grant(
                        0,
                        Contest.SESSION_SECONDS,
                        new UncodedReply<>(call, granted -> proclaim(sent, granted.id(), identity, call)));
    }

    private void proclaim(ProclaimRequest sent, long lease, Identity identity, StreamObserver<ProclaimResponse> call) {
        LeaderKey leader = sent.getLeader();
        var request = ContestKeys.replace(
                leader.getKey().toByteArray(), leader.getRev(), sent.getValue().toByteArray(), lease);
        var reply = new UncodedReply<TxnResult>(call, result -> {
            if (result.succeeded()) {
                end(
                        call,
                        ProclaimResponse.newBuilder()
                                .setHeader(headers.at(result.revision()))
                                .build());
            } else {
                call.onError(Statuses.unknown(NOT_LEADER));
            }
        });
        identity.ask(reply, caller -> engine.keys().txn(caller, request, reply));
    }

    /** One that does not lead has nothing to resign from, and that is no failure. */
    @Override
    public void resign(ResignRequest sent, StreamObserver<ResignResponse> call) {
        LeaderKey leader = sent.getLeader();
        if (isRefused(sent.hasLeader(), leader, call)) {
            return;
        }
        Consumer<TxnResult> answer = result -> end(
                call,
                ResignResponse.newBuilder()
                        .setHeader(headers.at(result.revision()))
                        .build());
        var reply = new UncodedReply<>(call, answer);
        TxnRequest request = ContestKeys.withdraw(leader.getKey().toByteArray(), leader.getRev());
        Identity.current().ask(reply, caller -> engine.keys().txn(caller, request, reply));
    }

    private static boolean isRefused(boolean given, LeaderKey leader, StreamObserver<?> call) {
        if (!given) {
            call.onError(Statuses.unknown(LEADER_MISSING));
        } else if (leader.getKey().isEmpty()) {
            call.onError(Statuses.unknown(StoreError.KEY_NOT_PROVIDED.text()));
        } else {
            return false;
        }
        return true;
    }

    @Override
    public void leader(LeaderRequest sent, StreamObserver<LeaderResponse> call) {
        var keys = new ContestKeys(sent.getName().toByteArray());
        var reply = new UncodedReply<RangeResult>(call, result -> {
            if (result.kvs().isEmpty()) {
                call.onError(Statuses.unknown(NO_LEADER));
            } else {
                end(
                        call,
                        LeaderResponse.newBuilder()
                                .setHeader(headers.at(result.revision()))
                                .setKv(ReplyTranslation.keyValue(result.kvs().getFirst()))
                                .build());
            }
        });
        Identity.current().ask(reply, caller -> engine.keys().range(caller, keys.first(), reply));
    }

    @Override
    public void observe(LeaderRequest sent, StreamObserver<LeaderResponse> call) {
        var keys = new ContestKeys(sent.getName().toByteArray());
        new ObserveStream(engine, headers, keys, (ServerCallStreamObserver<LeaderResponse>) call).open();
    }

    private static <A extends Message> void end(StreamObserver<A> call, A answer) {
        call.onNext(answer);
        call.onCompleted();
    }
}
