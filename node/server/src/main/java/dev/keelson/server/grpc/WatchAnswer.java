package dev.keelson.server.grpc;

import dev.keelson.api.etcd.ResponseHeader;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * One answer of a watch stream as it goes on the wire: gRPC's prefix, a {@code WatchResponse}, and in it events whose bytes
 * were made once for all who get them.
 *
 * <p>Used again for each answer, field by field in the order of their numbers; what is zero is left out, as protobuf does.
 *
 * <p>Thread rule: one thread at a time; the watch worker keeps one.
 */
final class WatchAnswer {

    /** What gRPC puts before a message: whether it is compressed, and its length in four bytes. */
    static final int PREFIX_BYTES = 5;

    private static final int HEAD_BYTES = 128;
    private static final int NUMBER_BYTES_MAX = 10;
    private static final int HEADER_TAG = 1 << 3 | 2;
    private static final int WATCH_ID_TAG = 2 << 3;
    private static final int CREATED_TAG = 3 << 3;
    private static final int CANCELED_TAG = 4 << 3;
    private static final int COMPACT_REVISION_TAG = 5 << 3;
    private static final int CANCEL_REASON_TAG = 6 << 3 | 2;
    private static final int FRAGMENT_TAG = 7 << 3;

    private byte[] head = new byte[HEAD_BYTES];
    private int headEnd;
    private List<byte[]> events = List.of();
    private int lo;
    private int hi;
    private long eventBytes;

    /** Begins an answer to one watcher; id -1 speaks of none in particular. */
    WatchAnswer begin(byte[] header, long watchId) {
        events = List.of();
        lo = 0;
        hi = 0;
        eventBytes = 0;
        headEnd = PREFIX_BYTES;
        text(HEADER_TAG, header);
        return number(WATCH_ID_TAG, watchId);
    }

    WatchAnswer created() {
        return number(CREATED_TAG, 1);
    }

    WatchAnswer canceled() {
        return number(CANCELED_TAG, 1);
    }

    WatchAnswer compactRevision(long revision) {
        return number(COMPACT_REVISION_TAG, revision);
    }

    WatchAnswer reason(String reason) {
        return text(CANCEL_REASON_TAG, reason.getBytes(StandardCharsets.UTF_8));
    }

    /** More of the same follows. */
    WatchAnswer fragment() {
        return number(FRAGMENT_TAG, 1);
    }

    /** The events [from, to) of a list, which take {@code bytes} together. */
    WatchAnswer events(List<byte[]> encoded, int from, int to, long bytes) {
        events = encoded;
        lo = from;
        hi = to;
        eventBytes = bytes;
        return this;
    }

    /** How many events it tells of. */
    int events() {
        return hi - lo;
    }

    /** How long the message is, without gRPC's prefix. */
    long messageBytes() {
        return headEnd - PREFIX_BYTES + eventBytes;
    }

    /** How long it is on the wire. */
    int frameBytes() {
        return Math.toIntExact(headEnd + eventBytes);
    }

    /** Puts it on the wire. */
    void writeTo(ByteBuf out) {
        int length = frameBytes() - PREFIX_BYTES;
        head[0] = 0;
        for (int at = PREFIX_BYTES - 1; at > 0; at--) {
            head[at] = (byte) length;
            length >>>= Byte.SIZE;
        }
        out.writeBytes(head, 0, headEnd);
        for (int at = lo; at < hi; at++) {
            out.writeBytes(events.get(at));
        }
    }

    /** The message alone, for a way out that puts the prefix there itself. */
    byte[] message() {
        byte[] message = new byte[Math.toIntExact(messageBytes())];
        int at = headEnd - PREFIX_BYTES;
        System.arraycopy(head, PREFIX_BYTES, message, 0, at);
        for (byte[] event : events.subList(lo, hi)) {
            System.arraycopy(event, 0, message, at, event.length);
            at += event.length;
        }
        return message;
    }

    private WatchAnswer number(int tag, long number) {
        if (number != 0) {
            reserve(1 + NUMBER_BYTES_MAX);
            head[headEnd++] = (byte) tag;
            varint(number);
        }
        return this;
    }

    private WatchAnswer text(int tag, byte[] bytes) {
        if (bytes.length != 0) {
            reserve(1 + NUMBER_BYTES_MAX + bytes.length);
            head[headEnd++] = (byte) tag;
            varint(bytes.length);
            System.arraycopy(bytes, 0, head, headEnd, bytes.length);
            headEnd += bytes.length;
        }
        return this;
    }

    private void varint(long number) {
        long rest = number;
        while ((rest & ~0x7FL) != 0) {
            head[headEnd++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        head[headEnd++] = (byte) rest;
    }

    private void reserve(int bytes) {
        if (head.length - headEnd < bytes) {
            head = Arrays.copyOf(head, Math.max(2 * head.length, headEnd + bytes));
        }
    }

    /** Headers by revision, encoded; the last one is kept, for many answers in a row carry the same. */
    static final class Headers {

        private final ReplyHeaders headers;
        private byte[] last = {};
        private long revision = -1;
        private long term = -1;

        Headers(ReplyHeaders headers) {
            this.headers = headers;
        }

        byte[] at(long asked) {
            if (asked != revision || headers.term() != term) {
                ResponseHeader header = headers.at(asked);
                last = header.toByteArray();
                revision = asked;
                term = header.getRaftTerm();
            }
            return last;
        }
    }
}
