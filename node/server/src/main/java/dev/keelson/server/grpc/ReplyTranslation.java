package dev.keelson.server.grpc;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import dev.keelson.api.etcd.DeleteRangeResponse;
import dev.keelson.api.etcd.PutResponse;
import dev.keelson.api.etcd.RangeResponse;
import dev.keelson.api.etcd.ResponseHeader;
import dev.keelson.api.etcd.ResponseOp;
import dev.keelson.api.etcd.TxnResponse;
import dev.keelson.mvcc.DeleteRangeResult;
import dev.keelson.mvcc.KeyValue;
import dev.keelson.mvcc.OperationResult;
import dev.keelson.mvcc.PutResult;
import dev.keelson.mvcc.RangeResult;
import dev.keelson.mvcc.TxnResult;

/** Turns the store's results into replies, without copying keys or values: nobody writes to an array in a result. */
final class ReplyTranslation {

    private ReplyTranslation() {}

    static PutResponse put(PutResult result, ResponseHeader header) {
        PutResponse.Builder reply = PutResponse.newBuilder().setHeader(header);
        KeyValue previous = result.prevKv();
        return previous == null
                ? reply.build()
                : reply.setPrevKv(keyValue(previous)).build();
    }

    static RangeResponse range(RangeResult result, ResponseHeader header) {
        RangeResponse.Builder reply = RangeResponse.newBuilder()
                .setHeader(header)
                .setMore(result.more())
                .setCount(result.count());
        for (KeyValue each : result.kvs()) {
            reply.addKvs(keyValue(each));
        }
        return reply.build();
    }

    static DeleteRangeResponse deleteRange(DeleteRangeResult result, ResponseHeader header) {
        DeleteRangeResponse.Builder reply =
                DeleteRangeResponse.newBuilder().setHeader(header).setDeleted(result.deleted());
        for (KeyValue each : result.prevKvs()) {
            reply.addPrevKvs(keyValue(each));
        }
        return reply.build();
    }

    static TxnResponse txn(TxnResult result, ResponseHeader header) {
        TxnResponse.Builder reply = TxnResponse.newBuilder().setHeader(header).setSucceeded(result.succeeded());
        for (OperationResult each : result.results()) {
            reply.addResponses(nested(each));
        }
        return reply.build();
    }

    private static ResponseOp nested(OperationResult result) {
        ResponseHeader header = ReplyHeaders.nestedAt(result.revision());
        ResponseOp.Builder reply = ResponseOp.newBuilder();
        return switch (result) {
            case PutResult put -> reply.setResponsePut(put(put, header)).build();
            case RangeResult range ->
                reply.setResponseRange(range(range, header)).build();
            case DeleteRangeResult deleted ->
                reply.setResponseDeleteRange(deleteRange(deleted, header)).build();
            case TxnResult txn -> reply.setResponseTxn(txn(txn, header)).build();
        };
    }

    static dev.keelson.api.mvcc.KeyValue keyValue(KeyValue kv) {
        return dev.keelson.api.mvcc.KeyValue.newBuilder()
                .setKey(wrap(kv.key()))
                .setCreateRevision(kv.createRevision())
                .setModRevision(kv.modRevision())
                .setVersion(kv.version())
                .setValue(wrap(kv.value()))
                .setLease(kv.lease())
                .build();
    }

    private static ByteString wrap(byte[] bytes) {
        return bytes.length == 0 ? ByteString.EMPTY : UnsafeByteOperations.unsafeWrap(bytes);
    }
}
