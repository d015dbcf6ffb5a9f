package dev.keelson.sim.workload;

import dev.keelson.mvcc.watch.EventList;
import dev.keelson.sim.check.Response.Kv;
import dev.keelson.sim.check.WatchEvent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads events as they are on the wire: each a field {@code events} of etcd's {@code WatchResponse}.
 *
 * <p>Thread rule: one thread.
 */
final class EventDecoder {

    private static final int EVENTS_TAG = 11 << 3 | 2;
    private static final int TYPE_TAG = 1 << 3;
    private static final int KV_TAG = 2 << 3 | 2;
    private static final int PREV_KV_TAG = 3 << 3 | 2;
    private static final int KEY_TAG = 1 << 3 | 2;
    private static final int CREATE_TAG = 2 << 3;
    private static final int MOD_TAG = 3 << 3;
    private static final int VERSION_TAG = 4 << 3;
    private static final int VALUE_TAG = 5 << 3 | 2;
    private static final int LEASE_TAG = 6 << 3;
    private static final long DELETE = 1;

    private final byte[] bytes;
    private int at;
    private int end;

    private EventDecoder(byte[] bytes) {
        this.bytes = bytes;
        this.end = bytes.length;
    }

    /** The events of a list, which must be what the list says of itself. */
    static List<WatchEvent> decode(EventList list) {
        var events = new ArrayList<WatchEvent>(list.size());
        long length = 0;
        for (byte[] encoded : list.encoded()) {
            length += encoded.length;
            events.add(new EventDecoder(encoded).field());
        }
        boolean fits = events.size() == list.size()
                && length == list.encodedBytes()
                && events.getLast().kv().modRevision() == list.lastRevision();
        if (!fits) {
            throw new AssertionError("a list of " + list.size() + " events, " + list.encodedBytes() + " bytes, through "
                    + list.lastRevision() + " holds " + events);
        }
        return events;
    }

    private WatchEvent field() {
        expect(number() == EVENTS_TAG, "a field events");
        expect(number() == end - at, "nothing behind the event");
        return event();
    }

    private WatchEvent event() {
        long type = 0;
        Kv kv = null;
        Kv former = null;
        while (at < end) {
            switch ((int) number()) {
                case TYPE_TAG -> type = number();
                case KV_TAG -> kv = keyValue();
                case PREV_KV_TAG -> former = keyValue();
                default -> expect(false, "a known field of an event");
            }
        }
        return new WatchEvent(checked(type, kv), former);
    }

    private Kv checked(long type, @Nullable Kv kv) {
        if (kv == null) {
            throw new AssertionError("an event without a key: " + Arrays.toString(bytes));
        }
        expect(type == DELETE || !kv.isDeletion(), "a put with a version");
        expect(type != DELETE || kv.equals(Kv.deleted(kv.key(), kv.modRevision())), "a deletion of nothing but a key");
        return kv;
    }

    private Kv keyValue() {
        int length = (int) number();
        int outer = end;
        end = at + length;
        String key = "";
        String value = "";
        long create = 0;
        long mod = 0;
        long version = 0;
        long lease = 0;
        while (at < end) {
            switch ((int) number()) {
                case KEY_TAG -> key = text();
                case VALUE_TAG -> value = text();
                case CREATE_TAG -> create = number();
                case MOD_TAG -> mod = number();
                case VERSION_TAG -> version = number();
                case LEASE_TAG -> lease = number();
                default -> expect(false, "a known field of a key");
            }
        }
        end = outer;
        return new Kv(key, value, create, mod, version, lease);
    }

    private String text() {
        int length = (int) number();
        expect(length <= end - at, "a text within its message");
        String text = Translation.text(Arrays.copyOfRange(bytes, at, at + length));
        at += length;
        return text;
    }

    private long number() {
        long value = 0;
        for (int shift = 0; shift < Long.SIZE; shift += 7) {
            expect(at < end, "more bytes");
            byte next = bytes[at++];
            value |= (long) (next & 0x7f) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw new AssertionError("a number without an end: " + Arrays.toString(bytes));
    }

    private void expect(boolean holds, String what) {
        if (!holds) {
            throw new AssertionError("expected " + what + " at " + at + ": " + Arrays.toString(bytes));
        }
    }
}
