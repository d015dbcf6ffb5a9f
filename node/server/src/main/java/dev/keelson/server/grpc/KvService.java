package dev.keelson.server.grpc;

import dev.keelson.api.etcd.CompactionRequest;
import dev.keelson.api.etcd.CompactionResponse;
import dev.keelson.api.etcd.DeleteRangeRequest;
import dev.keelson.api.etcd.DeleteRangeResponse;
import dev.keelson.api.etcd.KVGrpc;
import dev.keelson.api.etcd.PutRequest;
import dev.keelson.api.etcd.PutResponse;
import dev.keelson.api.etcd.RangeRequest;
import dev.keelson.api.etcd.RangeResponse;
import dev.keelson.api.etcd.RangeStreamResponse;
import dev.keelson.api.etcd.TxnRequest;
import dev.keelson.api.etcd.TxnResponse;
import dev.keelson.engine.NodeEngine;
import dev.keelson.mvcc.RequestChecks;
import dev.keelson.mvcc.StoreError;
import dev.keelson.mvcc.StoreException;
import dev.keelson.server.auth.Identity;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;

/**
 * Reads, writes and transactions. A request of impossible shape is refused here, before it costs the cluster anything.
 *
 * <p>Thread rule: called on event loops; replies leave on the engine's workers.
 */
final class KvService extends KVGrpc.KVImplBase {

    private final NodeEngine engine;
    private final ReplyHeaders headers;
    private final int txnOpsMax;

    KvService(NodeEngine engine, ReplyHeaders headers, int txnOpsMax) {
        this.engine = engine;
        this.headers = headers;
        this.txnOpsMax = txnOpsMax;
    }

    @Override
    public void range(RangeRequest sent, StreamObserver<RangeResponse> call) {
        refusing(call, () -> {
            var request = RequestTranslation.range(sent);
            RequestChecks.check(request);
            if (!request.serializable() && CallGuard.isLearner(engine)) {
                throw new StoreException(StoreError.NOT_SUPPORTED_FOR_LEARNER);
            }
            engine.keys()
                    .range(
                            Identity.current().principal(),
                            request,
                            new UnaryReply<>(
                                    call, result -> ReplyTranslation.range(result, headers.at(result.revision()))));
        });
    }

    @Override
    public void rangeStream(RangeRequest sent, StreamObserver<RangeStreamResponse> call) {
        refusing(call, () -> {
            var request = RequestTranslation.range(sent);
            RequestChecks.check(request);
            if (!request.isInKeyOrder()) {
                throw Statuses.unimplemented("RangeStream does not support custom sort orders");
            }
            if (request.isFiltered()) {
                throw Statuses.unimplemented("RangeStream does not support revision filters");
            }
            new RangeStreamCall(
                            (ServerCallStreamObserver<RangeStreamResponse>) call,
                            engine.keys().rangeStream(Identity.current().principal(), request),
                            headers)
                    .start();
        });
    }

    @Override
    public void put(PutRequest sent, StreamObserver<PutResponse> call) {
        refusing(call, () -> {
            var request = RequestTranslation.put(sent);
            RequestChecks.check(request);
            engine.keys()
                    .put(
                            Identity.current().principal(),
                            request,
                            new UnaryReply<>(
                                    call, result -> ReplyTranslation.put(result, headers.at(result.revision()))));
        });
    }

    @Override
    public void deleteRange(DeleteRangeRequest sent, StreamObserver<DeleteRangeResponse> call) {
        refusing(call, () -> {
            var request = RequestTranslation.deleteRange(sent);
            RequestChecks.check(request);
            engine.keys()
                    .deleteRange(
                            Identity.current().principal(),
                            request,
                            new UnaryReply<>(
                                    call,
                                    result -> ReplyTranslation.deleteRange(result, headers.at(result.revision()))));
        });
    }

    @Override
    public void txn(TxnRequest sent, StreamObserver<TxnResponse> call) {
        refusing(call, () -> {
            var request = RequestTranslation.txn(sent);
            RequestChecks.check(request, txnOpsMax);
            engine.keys()
                    .txn(
                            Identity.current().principal(),
                            request,
                            new UnaryReply<>(
                                    call, result -> ReplyTranslation.txn(result, headers.at(result.revision()))));
        });
    }

    @Override
    public void compact(CompactionRequest sent, StreamObserver<CompactionResponse> call) {
        engine.compact(
                sent.getRevision(),
                sent.getPhysical(),
                new UnaryReply<>(
                        call,
                        revision -> CompactionResponse.newBuilder()
                                .setHeader(headers.at(revision))
                                .build()));
    }

    private static void refusing(StreamObserver<?> call, Runnable request) {
        try {
            request.run();
        } catch (StoreException refused) {
            call.onError(Statuses.exception(refused));
        } catch (StatusRuntimeException refused) {
            call.onError(refused);
        }
    }
}
