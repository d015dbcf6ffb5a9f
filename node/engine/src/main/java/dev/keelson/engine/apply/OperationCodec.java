package dev.keelson.engine.apply;

import dev.keelson.engine.codec.ByteReader;
import dev.keelson.engine.codec.ByteWriter;
import dev.keelson.engine.codec.MalformedBytesException;
import dev.keelson.mvcc.Compare;
import dev.keelson.mvcc.DeleteRangeRequest;
import dev.keelson.mvcc.Operation;
import dev.keelson.mvcc.PutRequest;
import dev.keelson.mvcc.RangeRequest;
import dev.keelson.mvcc.SortOrder;
import dev.keelson.mvcc.SortTarget;
import dev.keelson.mvcc.TxnRequest;
import java.util.ArrayList;
import java.util.List;

/** The byte form of the operations of a client, nested as they are. */
final class OperationCodec {

    private static final int PUT = 1;
    private static final int RANGE = 2;
    private static final int DELETE_RANGE = 3;
    private static final int TXN = 4;

    private OperationCodec() {}

    static void encode(ByteWriter out, Operation operation) {
        switch (operation) {
            case PutRequest put ->
                out.octet(PUT)
                        .string(put.key())
                        .string(put.value())
                        .number(put.lease())
                        .flag(put.prevKv())
                        .flag(put.ignoreValue())
                        .flag(put.ignoreLease());
            case RangeRequest range -> encodeRange(out.octet(RANGE), range);
            case DeleteRangeRequest delete ->
                out.octet(DELETE_RANGE)
                        .string(delete.key())
                        .string(delete.rangeEnd())
                        .flag(delete.prevKv());
            case TxnRequest txn -> {
                out.octet(TXN).number(txn.compares().size());
                txn.compares().forEach(compare -> encodeCompare(out, compare));
                encodeAll(out, txn.success());
                encodeAll(out, txn.failure());
            }
        }
    }

    private static void encodeAll(ByteWriter out, List<Operation> operations) {
        out.number(operations.size());
        operations.forEach(operation -> encode(out, operation));
    }

    private static void encodeRange(ByteWriter out, RangeRequest range) {
        out.string(range.key())
                .string(range.rangeEnd())
                .number(range.limit())
                .number(range.revision())
                .octet(range.sortOrder().ordinal())
                .octet(range.sortTarget().ordinal())
                .flag(range.serializable())
                .flag(range.keysOnly())
                .flag(range.countOnly())
                .number(range.minModRevision())
                .number(range.maxModRevision())
                .number(range.minCreateRevision())
                .number(range.maxCreateRevision());
    }

    private static void encodeCompare(ByteWriter out, Compare compare) {
        out.octet(compare.target().ordinal())
                .octet(compare.result().ordinal())
                .string(compare.key())
                .string(compare.rangeEnd())
                .number(compare.number())
                .string(compare.value());
    }

    static Operation decode(ByteReader in) {
        int kind = in.octet();
        return switch (kind) {
            case PUT -> new PutRequest(in.string(), in.string(), in.number(), in.flag(), in.flag(), in.flag());
            case RANGE -> decodeRange(in);
            case DELETE_RANGE -> new DeleteRangeRequest(in.string(), in.string(), in.flag());
            case TXN -> new TxnRequest(decodeCompares(in), decodeAll(in), decodeAll(in));
            default -> throw new MalformedBytesException("an operation of unknown kind " + kind);
        };
    }

    private static List<Operation> decodeAll(ByteReader in) {
        int count = in.count();
        var operations = new ArrayList<Operation>(count);
        for (int i = 0; i < count; i++) {
            operations.add(decode(in));
        }
        return operations;
    }

    private static RangeRequest decodeRange(ByteReader in) {
        return new RangeRequest(
                in.string(),
                in.string(),
                in.number(),
                in.number(),
                in.constant(SortOrder.values()),
                in.constant(SortTarget.values()),
                in.flag(),
                in.flag(),
                in.flag(),
                in.number(),
                in.number(),
                in.number(),
                in.number());
    }

    private static List<Compare> decodeCompares(ByteReader in) {
        int count = in.count();
        var compares = new ArrayList<Compare>(count);
        for (int i = 0; i < count; i++) {
            compares.add(new Compare(
                    in.constant(Compare.Target.values()),
                    in.constant(Compare.Result.values()),
                    in.string(),
                    in.string(),
                    in.number(),
                    in.string()));
        }
        return compares;
    }
}
