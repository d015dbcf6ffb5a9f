package dev.keelson.engine;

import dev.keelson.engine.apply.Command;
import dev.keelson.engine.apply.CompactionRunner;
import dev.keelson.engine.auth.Auth;
import dev.keelson.engine.auth.Principal;
import dev.keelson.engine.read.RangeStream;
import dev.keelson.mvcc.DeleteRangeRequest;
import dev.keelson.mvcc.DeleteRangeResult;
import dev.keelson.mvcc.PutRequest;
import dev.keelson.mvcc.PutResult;
import dev.keelson.mvcc.RangeRequest;
import dev.keelson.mvcc.RangeResult;
import dev.keelson.mvcc.StoreException;
import dev.keelson.mvcc.TxnRequest;
import dev.keelson.mvcc.TxnResult;

/**
 * What clients ask of the keys, each in somebody's name. A write is judged where it is applied; a read by the users and
 * roles of this member, before and after.
 *
 * <p>Thread rule: any thread; nothing blocks, replies come on the node's workers.
 */
public final class KeyRequests {

    private final Parts parts;
    private final long requestBytesMax;

    record Parts(Requests requests, ViewReads views, CompactionRunner compactions, Worker reads, Auth auth) {}

    KeyRequests(Parts parts, long requestBytesMax) {
        this.parts = parts;
        this.requestBytesMax = requestBytesMax;
    }

    public void put(Principal caller, PutRequest request, Reply<PutResult> reply) {
        parts.requests().propose(caller, new Command.Write(request), reply);
    }

    public void deleteRange(Principal caller, DeleteRangeRequest request, Reply<DeleteRangeResult> reply) {
        parts.requests().propose(caller, new Command.Write(request), reply);
    }

    /** A transaction of reads alone is a read, serializable when all its ranges are. */
    public void txn(Principal caller, TxnRequest request, Reply<TxnResult> reply) {
        if (request.isReadOnly()) {
            parts.views().txn(caller, request, reply);
        } else {
            parts.requests().propose(caller, new Command.Write(request), reply);
        }
    }

    /**
     * Compacts the history at {@code revision}; the reply carries the store's revision.
     *
     * @param physical reply only after this member has removed the superseded rows
     */
    public void compact(long revision, boolean physical, Reply<Long> reply) {
        parts.requests().propose(new Command.Compact(revision), new Reply<Long>() {
            @Override
            public void succeed(Long current) {
                if (physical) {
                    parts.compactions().whenFinished(revision, () -> reply.succeed(current));
                } else {
                    parts.compactions().wake();
                    reply.succeed(current);
                }
            }

            @Override
            public void fail(StoreException error) {
                reply.fail(error);
            }
        });
    }

    public void range(Principal caller, RangeRequest request, Reply<RangeResult> reply) {
        parts.views().range(caller, request, reply);
    }

    /** A range in chunks, in the order of the keys; the request must not ask for another order nor for filters. */
    public RangeStream rangeStream(Principal caller, RangeRequest request) {
        var asked = new RangeStream.Asked(caller, request);
        return new RangeStream(parts.requests(), parts.reads(), parts.auth(), asked, requestBytesMax);
    }
}
