package dev.keelson.engine;

import dev.keelson.engine.auth.Auth;
import dev.keelson.engine.auth.Principal;
import dev.keelson.mvcc.HashKvResult;
import dev.keelson.mvcc.Operation;
import dev.keelson.mvcc.OperationResult;
import dev.keelson.mvcc.RangeRequest;
import dev.keelson.mvcc.RangeResult;
import dev.keelson.mvcc.ReadView;
import dev.keelson.mvcc.TxnRequest;
import dev.keelson.mvcc.TxnResult;
import java.util.function.Function;

/**
 * Requests that read one view and change nothing, under the eyes of the probe.
 *
 * <p>A serializable read of one key is made on the caller's thread; what may take long goes to the read worker.
 *
 * <p>Thread rule: any thread.
 */
final class ViewReads {

    private final Requests requests;
    private final Worker worker;
    private final EngineProbe probe;
    private final Auth auth;

    ViewReads(Requests requests, Worker worker, EngineProbe probe, Auth auth) {
        this.requests = requests;
        this.worker = worker;
        this.probe = probe;
        this.auth = auth;
    }

    void range(Principal caller, RangeRequest request, Reply<RangeResult> waiting) {
        Reply<RangeResult> reply = probed(RequestKind.RANGE, waiting);
        Function<ReadView, RangeResult> read =
                view -> measured(RequestKind.RANGE, view, caller, request, ReadView::range);
        if (!request.serializable()) {
            requests.readLinearizable(read, reply);
        } else if (request.rangeEnd().length == 0) {
            requests.read(read, reply);
        } else {
            worker.execute(() -> requests.read(read, reply));
        }
    }

    /** A transaction of ranges and compares alone. */
    void txn(Principal caller, TxnRequest request, Reply<TxnResult> waiting) {
        Reply<TxnResult> reply = probed(RequestKind.READ_ONLY_TXN, waiting);
        Function<ReadView, TxnResult> read =
                view -> measured(RequestKind.READ_ONLY_TXN, view, caller, request, ReadView::readTxn);
        if (request.isSerializable()) {
            requests.read(read, reply);
        } else {
            requests.readLinearizable(read, reply);
        }
    }

    void hashKv(long revision, Reply<HashKvResult> reply) {
        worker.execute(() -> requests.read(
                view -> {
                    long began = probe.begin();
                    HashKvResult result = view.hashKv(revision);
                    probe.hashed(true, began);
                    return result;
                },
                reply));
    }

    void hash(Reply<Integer> reply) {
        worker.execute(() -> requests.read(
                view -> {
                    long began = probe.begin();
                    int result = view.hash();
                    probe.hashed(false, began);
                    return result;
                },
                reply));
    }

    private <T> Reply<T> probed(RequestKind kind, Reply<T> reply) {
        return new ProbedReply<>(reply, probe, kind, probe.begin());
    }

    /** How a request is answered from a view. */
    private interface Reading<Q, A> {
        A read(ReadView view, Q request);
    }

    private <Q extends Operation, A extends OperationResult> A measured(
            RequestKind kind, ReadView view, Principal caller, Q request, Reading<Q, A> reading) {
        long began = probe.begin();
        A result = null;
        try {
            auth.checkRead(view, caller, request);
            A read = reading.read(view, request);
            auth.requireUnchanged(caller);
            result = read;
            return read;
        } finally {
            probe.read(kind, result, began);
        }
    }
}
