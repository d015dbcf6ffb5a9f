package dev.keelson.mvcc.watch;

import dev.keelson.mvcc.key.HistoryRow;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads an encoded event back, with a reader of its own for the message around the rows, into a form that is easy to
 * compare: {@code a=1@2/3/v2} is a put (create and mod revision, version), {@code -a@4} a delete, and what the key was
 * before stands in brackets.
 */
final class EventText {

    private static final int EVENTS_TAG = 90;
    private static final int TYPE_TAG = 8;
    private static final int KV_TAG = 18;
    private static final int PREV_KV_TAG = 26;

    private final byte[] bytes;
    private int at;

    private EventText(byte[] bytes) {
        this.bytes = bytes;
    }

    static String of(byte[] field) {
        var source = new EventText(field);
        if (source.number() != EVENTS_TAG) {
            throw new AssertionError("not a field of events");
        }
        byte[] event = source.message();
        if (source.at != field.length) {
            throw new AssertionError("more than one event in one element");
        }
        return new EventText(event).event();
    }

    private String event() {
        boolean deleted = false;
        HistoryRow kv = null;
        HistoryRow former = null;
        while (at < bytes.length) {
            switch ((int) number()) {
                case TYPE_TAG -> deleted = number() == 1;
                case KV_TAG -> kv = HistoryRow.read(message());
                case PREV_KV_TAG -> former = HistoryRow.read(message());
                default -> throw new AssertionError("an event with an unknown field");
            }
        }
        return text(deleted, kv) + (former == null ? "" : "[" + text(false, former) + "]");
    }

    private static String text(boolean deleted, @Nullable HistoryRow kv) {
        if (kv == null) {
            throw new AssertionError("an event without a key");
        }
        if (deleted) {
            return "-" + string(kv.key()) + "@" + kv.modRevision();
        }
        return string(kv.key()) + "=" + string(kv.value()) + "@" + kv.createRevision() + "/" + kv.modRevision() + "/v"
                + kv.version();
    }

    /** The main revision of an event in this form. */
    static long revision(String event) {
        String own = event.contains("[") ? event.substring(0, event.indexOf('[')) : event;
        String[] numbers = own.substring(own.lastIndexOf('@') + 1).split("/", -1);
        return Long.parseLong(numbers[numbers.length == 1 ? 0 : 1]);
    }

    private static String string(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    private long number() {
        long value = 0;
        for (int shift = 0; ; shift += 7) {
            byte read = bytes[at++];
            value |= (long) (read & 0x7F) << shift;
            if (read >= 0) {
                return value;
            }
        }
    }

    private byte[] message() {
        int length = (int) number();
        at += length;
        return Arrays.copyOfRange(bytes, at - length, at);
    }
}
