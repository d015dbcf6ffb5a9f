package dev.keelson.server.grpc;

import com.google.protobuf.ByteString;
import dev.keelson.api.etcd.RequestOp;
import dev.keelson.mvcc.Compare;
import dev.keelson.mvcc.DeleteRangeRequest;
import dev.keelson.mvcc.Operation;
import dev.keelson.mvcc.PutRequest;
import dev.keelson.mvcc.RangeRequest;
import dev.keelson.mvcc.SortOrder;
import dev.keelson.mvcc.SortTarget;
import dev.keelson.mvcc.StoreError;
import dev.keelson.mvcc.StoreException;
import dev.keelson.mvcc.TxnRequest;
import java.util.ArrayList;
import java.util.List;

/**
 * Turns what a client sent into the store's own records. Values are copied once, out of the frame they came in.
 *
 * <p>Refuses what the records cannot say: an operation that is none, an order that does not exist.
 */
final class RequestTranslation {

    private static final byte[] NO_BYTES = {};

    private RequestTranslation() {}

    static byte[] bytes(ByteString bytes) {
        return bytes.isEmpty() ? NO_BYTES : bytes.toByteArray();
    }

    static PutRequest put(dev.keelson.api.etcd.PutRequest sent) {
        return new PutRequest(
                bytes(sent.getKey()),
                bytes(sent.getValue()),
                sent.getLease(),
                sent.getPrevKv(),
                sent.getIgnoreValue(),
                sent.getIgnoreLease());
    }

    static DeleteRangeRequest deleteRange(dev.keelson.api.etcd.DeleteRangeRequest sent) {
        return new DeleteRangeRequest(bytes(sent.getKey()), bytes(sent.getRangeEnd()), sent.getPrevKv());
    }

    static RangeRequest range(dev.keelson.api.etcd.RangeRequest sent) {
        if (sent.getKey().isEmpty()) {
            throw new StoreException(StoreError.KEY_NOT_PROVIDED);
        }
        return new RangeRequest(
                bytes(sent.getKey()),
                bytes(sent.getRangeEnd()),
                sent.getLimit(),
                sent.getRevision(),
                order(sent),
                target(sent),
                sent.getSerializable(),
                sent.getKeysOnly(),
                sent.getCountOnly(),
                sent.getMinModRevision(),
                sent.getMaxModRevision(),
                sent.getMinCreateRevision(),
                sent.getMaxCreateRevision());
    }

    private static SortOrder order(dev.keelson.api.etcd.RangeRequest sent) {
        return switch (sent.getSortOrder()) {
            case NONE -> SortOrder.NONE;
            case ASCEND -> SortOrder.ASCEND;
            case DESCEND -> SortOrder.DESCEND;
            case UNRECOGNIZED -> throw new StoreException(StoreError.INVALID_SORT_OPTION);
        };
    }

    private static SortTarget target(dev.keelson.api.etcd.RangeRequest sent) {
        return switch (sent.getSortTarget()) {
            case KEY -> SortTarget.KEY;
            case VERSION -> SortTarget.VERSION;
            case CREATE -> SortTarget.CREATE;
            case MOD -> SortTarget.MOD;
            case VALUE -> SortTarget.VALUE;
            case UNRECOGNIZED -> throw new StoreException(StoreError.INVALID_SORT_OPTION);
        };
    }

    static TxnRequest txn(dev.keelson.api.etcd.TxnRequest sent) {
        var compares = new ArrayList<Compare>(sent.getCompareCount());
        for (dev.keelson.api.etcd.Compare each : sent.getCompareList()) {
            compares.add(compare(each));
        }
        return new TxnRequest(compares, operations(sent.getSuccessList()), operations(sent.getFailureList()));
    }

    private static List<Operation> operations(List<RequestOp> sent) {
        var operations = new ArrayList<Operation>(sent.size());
        for (RequestOp each : sent) {
            operations.add(
                    switch (each.getRequestCase()) {
                        case REQUEST_RANGE -> range(each.getRequestRange());
                        case REQUEST_PUT -> put(each.getRequestPut());
                        case REQUEST_DELETE_RANGE -> deleteRange(each.getRequestDeleteRange());
                        case REQUEST_TXN -> txn(each.getRequestTxn());
                        case REQUEST_NOT_SET -> throw new StoreException(StoreError.KEY_NOT_FOUND);
                    });
        }
        return operations;
    }

    private static Compare compare(dev.keelson.api.etcd.Compare sent) {
        byte[] key = bytes(sent.getKey());
        byte[] rangeEnd = bytes(sent.getRangeEnd());
        Compare.Result result = result(sent);
        // An operand of another kind than the target counts as none: its getter gives 0 or no bytes.
        return switch (sent.getTarget()) {
            case VERSION -> number(Compare.Target.VERSION, result, key, rangeEnd, sent.getVersion());
            case CREATE -> number(Compare.Target.CREATE, result, key, rangeEnd, sent.getCreateRevision());
            case MOD -> number(Compare.Target.MOD, result, key, rangeEnd, sent.getModRevision());
            case LEASE -> number(Compare.Target.LEASE, result, key, rangeEnd, sent.getLease());
            case VALUE -> new Compare(Compare.Target.VALUE, result, key, rangeEnd, 0, bytes(sent.getValue()));
            case UNRECOGNIZED -> throw Statuses.unknownCompare("target", sent.getTargetValue());
        };
    }

    private static Compare number(
            Compare.Target target, Compare.Result result, byte[] key, byte[] rangeEnd, long number) {
        return new Compare(target, result, key, rangeEnd, number, NO_BYTES);
    }

    private static Compare.Result result(dev.keelson.api.etcd.Compare sent) {
        return switch (sent.getResult()) {
            case EQUAL -> Compare.Result.EQUAL;
            case GREATER -> Compare.Result.GREATER;
            case LESS -> Compare.Result.LESS;
            case NOT_EQUAL -> Compare.Result.NOT_EQUAL;
            case UNRECOGNIZED -> throw Statuses.unknownCompare("result", sent.getResultValue());
        };
    }
}
