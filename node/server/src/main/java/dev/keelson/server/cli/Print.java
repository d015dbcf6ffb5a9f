package dev.keelson.server.cli;

import com.google.protobuf.ByteString;
import dev.keelson.api.etcd.RangeResponse;
import dev.keelson.api.mvcc.KeyValue;

/** Prints what several commands print. */
final class Print {

    private Print() {}

    /** A key and its value on a line each, as bytes, whatever they are. */
    static void keyValue(KeyValue kv, boolean valueOnly) {
        if (!valueOnly) {
            bytes(kv.getKey());
        }
        bytes(kv.getValue());
    }

    /** Keys that were read. */
    static void range(RangeResponse answer, boolean json) {
        if (json) {
            System.out.println(ProtoJson.of(answer));
        } else {
            answer.getKvsList().forEach(kv -> keyValue(kv, false));
        }
    }

    /** A text of bytes, whatever they are, and a line's end. */
    static void bytes(ByteString bytes) {
        System.out.writeBytes(bytes.toByteArray());
        System.out.println();
    }
}
