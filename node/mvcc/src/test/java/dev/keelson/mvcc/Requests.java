package dev.keelson.mvcc;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;

/** Short forms of requests, and results in a form that is easy to read and to compare; bytes are Latin-1 characters. */
final class Requests {

    static final byte[] NONE = {};

    private Requests() {}

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    static PutRequest put(String key, String value) {
        return PutRequest.of(bytes(key), bytes(value));
    }

    static PutRequest put(String key, String value, long lease) {
        return new PutRequest(bytes(key), bytes(value), lease, true, false, false);
    }

    static DeleteRangeRequest delete(String key, String end) {
        return new DeleteRangeRequest(bytes(key), bytes(end), true);
    }

    static RangeRequest range(String key, String end) {
        return RangeRequest.of(bytes(key), bytes(end));
    }

    static RangeRequest everything() {
        return range("\0", "\0");
    }

    static TxnRequest txn(Operation... success) {
        return new TxnRequest(List.of(), List.of(success), List.of());
    }

    static Compare compare(String key, Compare.Target target, Compare.Result result, long number) {
        return new Compare(target, result, bytes(key), NONE, number, NONE);
    }

    static Compare compareValue(String key, Compare.Result result, String value) {
        return new Compare(Compare.Target.VALUE, result, bytes(key), NONE, 0, bytes(value));
    }

    static String show(KeyValue kv) {
        return text(kv.key()) + "=" + text(kv.value()) + "@" + kv.createRevision() + "/" + kv.modRevision() + "/v"
                + kv.version() + (kv.lease() == 0 ? "" : "/lease" + kv.lease());
    }

    static String show(List<KeyValue> kvs) {
        return kvs.stream().map(Requests::show).collect(Collectors.joining(" ", "[", "]"));
    }

    static String show(OperationResult result) {
        return switch (result) {
            case PutResult put -> put.revision() + " put" + (put.prevKv() == null ? "" : " over " + show(put.prevKv()));
            case RangeResult range ->
                range.revision() + " " + range.count() + show(range.kvs()) + (range.more() ? " more" : "");
            case DeleteRangeResult delete ->
                delete.revision() + " deleted " + delete.deleted() + show(delete.prevKvs());
            case TxnResult txn ->
                txn.revision()
                        + (txn.succeeded() ? " then " : " else ")
                        + txn.results().stream().map(Requests::show).collect(Collectors.joining("; ", "{", "}"));
        };
    }

    /** What a call answered, or the text of its refusal. */
    static String outcome(java.util.function.Supplier<OperationResult> call) {
        try {
            return show(call.get());
        } catch (StoreException refusal) {
            return refusal.error().name();
        }
    }
}
