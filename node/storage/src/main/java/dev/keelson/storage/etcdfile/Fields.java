package dev.keelson.storage.etcdfile;

import java.util.List;

/**
 * Looks at the fields of a protobuf message before anybody decodes it: numbers end, lengths stay within the message, no
 * field is of a kind that etcd's messages do not have.
 */
final class Fields {

    private static final int VARINT_BYTES_MAX = 10;
    private static final int TAG_BITS = 3;
    private static final int KIND_BITS = 7;
    /** A field that is a number. */
    static final int NUMBER = 0;

    /** A field that is a text or bytes. */
    static final int BYTES = 2;

    private static final int PAYLOAD_BITS = 7;
    private static final int PAYLOAD = 0x7f;

    private final byte[] message;
    private int at;

    private Fields(byte[] message) {
        this.message = message;
    }

    /** Whether a message has only fields of these kinds, the first of which has the number 1. */
    static boolean areSound(byte[] message, List<Integer> kinds) {
        var fields = new Fields(message);
        while (fields.at < message.length) {
            long tag = fields.number();
            long field = tag >>> TAG_BITS;
            int kind = (int) tag & KIND_BITS;
            if (field < 1 || field > kinds.size() || kind != kinds.get((int) field - 1) || !fields.skip(kind)) {
                return false;
            }
        }
        return true;
    }

    private boolean skip(int kind) {
        long number = number();
        if (kind == NUMBER) {
            return at >= 0 && at <= message.length;
        }
        if (number < 0 || number > message.length - at) {
            return false;
        }
        at += (int) number;
        return true;
    }

    /** A number that does not end puts the place behind the message. */
    private long number() {
        long number = 0;
        for (int i = 0; i < VARINT_BYTES_MAX && at < message.length; i++) {
            byte read = message[at++];
            number |= (long) (read & PAYLOAD) << i * PAYLOAD_BITS;
            if (read >= 0) {
                return number;
            }
        }
        at = message.length + 1;
        return -1;
    }
}
