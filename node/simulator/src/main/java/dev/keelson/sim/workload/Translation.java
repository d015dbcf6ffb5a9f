package dev.keelson.sim.workload;

import dev.keelson.mvcc.Compare;
import dev.keelson.mvcc.DeleteRangeRequest;
import dev.keelson.mvcc.DeleteRangeResult;
import dev.keelson.mvcc.KeyValue;
import dev.keelson.mvcc.Operation;
import dev.keelson.mvcc.OperationResult;
import dev.keelson.mvcc.PutRequest;
import dev.keelson.mvcc.PutResult;
import dev.keelson.mvcc.RangeRequest;
import dev.keelson.mvcc.RangeResult;
import dev.keelson.mvcc.SortOrder;
import dev.keelson.mvcc.SortTarget;
import dev.keelson.mvcc.StoreException;
import dev.keelson.mvcc.TxnRequest;
import dev.keelson.mvcc.TxnResult;
import dev.keelson.sim.check.Outcome;
import dev.keelson.sim.check.Request;
import dev.keelson.sim.check.Response;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The requests and answers of histories in the words of the engine, and back. */
public final class Translation {

    private static final byte[] NONE = {};

    private Translation() {}

    static PutRequest put(Request.Put put) {
        return new PutRequest(bytes(put.key()), bytes(put.value()), put.lease(), put.prevKv(), false, false);
    }

    static DeleteRangeRequest delete(Request.DeleteRange delete) {
        return new DeleteRangeRequest(bytes(delete.key()), bytes(delete.end()), delete.prevKv());
    }

    static RangeRequest range(Request.Range range) {
        return new RangeRequest(
                bytes(range.key()),
                bytes(range.end()),
                range.limit(),
                range.revision(),
                SortOrder.NONE,
                SortTarget.KEY,
                range.serializable(),
                false,
                range.countOnly(),
                0,
                0,
                0,
                0);
    }

    static TxnRequest txn(Request.Txn txn) {
        return new TxnRequest(
                txn.compares().stream().map(Translation::compare).toList(),
                operations(txn.success()),
                operations(txn.failure()));
    }

    private static List<Operation> operations(List<Request> requests) {
        return requests.stream().map(Translation::operation).toList();
    }

    private static Operation operation(Request request) {
        return switch (request) {
            case Request.Put put -> put(put);
            case Request.DeleteRange delete -> delete(delete);
            case Request.Range range -> range(range);
            case Request.Txn txn -> txn(txn);
            case Request.Compact compact -> throw new IllegalArgumentException("no part of a transaction: " + compact);
        };
    }

    private static Compare compare(Request.Compare compare) {
        Compare.Target target = switch (compare.target()) {
            case VALUE -> Compare.Target.VALUE;
            case VERSION -> Compare.Target.VERSION;
            case CREATE -> Compare.Target.CREATE;
            case MOD -> Compare.Target.MOD;
        };
        Compare.Result relation = switch (compare.relation()) {
            case EQUAL -> Compare.Result.EQUAL;
            case NOT_EQUAL -> Compare.Result.NOT_EQUAL;
            case GREATER -> Compare.Result.GREATER;
            case LESS -> Compare.Result.LESS;
        };
        return new Compare(target, relation, bytes(compare.key()), NONE, compare.number(), bytes(compare.value()));
    }

    static Response response(OperationResult result) {
        return switch (result) {
            case PutResult put -> new Response.Put(put.revision(), kv(put.prevKv()));
            case RangeResult range ->
                new Response.Range(range.revision(), kvs(range.kvs()), range.more(), range.count());
            case DeleteRangeResult delete ->
                new Response.DeleteRange(delete.revision(), delete.deleted(), kvs(delete.prevKvs()));
            case TxnResult txn ->
                new Response.Txn(
                        txn.revision(),
                        txn.succeeded(),
                        txn.results().stream().map(Translation::response).toList());
        };
    }

    /** Keys as an answer shows them. */
    public static List<Response.Kv> kvs(List<KeyValue> kvs) {
        return kvs.stream()
                .map(kv -> new Response.Kv(
                        text(kv.key()),
                        text(kv.value()),
                        kv.createRevision(),
                        kv.modRevision(),
                        kv.version(),
                        kv.lease()))
                .toList();
    }

    private static Response.@Nullable Kv kv(@Nullable KeyValue kv) {
        return kv == null ? null : kvs(List.of(kv)).getFirst();
    }

    /** What a client may conclude from an error. */
    static Outcome outcome(StoreException error) {
        return switch (error.error()) {
            case COMPACTED -> new Outcome.Refused(Outcome.Reason.COMPACTED);
            case FUTURE_REVISION -> new Outcome.Refused(Outcome.Reason.FUTURE_REVISION);
            case LEASE_NOT_FOUND -> new Outcome.Refused(Outcome.Reason.LEASE_NOT_FOUND);
            case TIMEOUT, TIMEOUT_LEADER_FAILURE, TIMEOUT_CONNECTION_LOST, LEADER_CHANGED, STOPPED ->
                new Outcome.Unknown();
            default -> new Outcome.Refused(Outcome.Reason.OTHER);
        };
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }
}
