package dev.keelson.mvcc;

import dev.keelson.mvcc.backend.Family;
import dev.keelson.mvcc.key.HistoryRow;
import dev.keelson.mvcc.key.LeaseKey;
import dev.keelson.mvcc.key.LiveRow;
import dev.keelson.mvcc.key.RevisionKey;
import dev.keelson.mvcc.key.VersionKey;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes the rows of one change of a key, in all families that know of it, counts their bytes, and notes the change for
 * those who watch.
 *
 * <p>Thread rule: the apply thread only.
 */
final class RowWriter {

    private static final byte[] NOTHING = {};

    private final Overlay rows;
    private final List<Event> events = new ArrayList<>();
    private int eventsBefore;
    private long main;
    private long changes;
    private long writtenBytes;
    private long bytesBefore;
    private long keys;
    private long keysBefore;

    RowWriter(Overlay rows, long writtenBytes, long keys) {
        this.rows = rows;
        this.writtenBytes = writtenBytes;
        this.keys = keys;
    }

    /** The changes that follow are of one operation and have this main revision. */
    void begin(long mainRevision) {
        main = mainRevision;
        changes = 0;
        bytesBefore = writtenBytes;
        keysBefore = keys;
        eventsBefore = events.size();
    }

    /** The operation is done. */
    void end() {
        changes = 0;
    }

    /** Forgets the changes since {@link #begin}, whose rows the overlay takes back. */
    void rollBack() {
        changes = 0;
        writtenBytes = bytesBefore;
        keys = keysBefore;
        events.subList(eventsBefore, events.size()).clear();
    }

    /** Changes since {@link #begin}: the sub revision of the next one. */
    long changes() {
        return changes;
    }

    /** Bytes in KEYS, HISTORY and VERSIONS, were nothing ever compacted. */
    long writtenBytes() {
        return writtenBytes;
    }

    /** Keys that are live. */
    long keys() {
        return keys;
    }

    /** All changes but those rolled back, in their order. */
    List<Event> events() {
        return events;
    }

    /** @param former what the key was, null when it was not there */
    void put(PutRequest request, @Nullable LiveRow former) {
        byte[] key = request.key();
        byte[] value = request.ignoreValue() && former != null ? former.value() : request.value();
        long formerLease = former == null ? 0 : former.lease();
        long lease = request.ignoreLease() ? formerLease : request.lease();
        long sub = changes++;
        long create = former == null ? main : former.createRevision();
        long version = former == null ? 1 : former.version() + 1;
        keys += former == null ? 1 : 0;

        byte[] live = LiveRow.write(new LiveRow.Position(create, main, sub, version), lease, value);
        rows.put(Family.KEYS, key, live);
        writtenBytes += live.length + (former == null ? key.length : -former.row().length);
        byte[] history = new HistoryRow(key, create, main, version, value, lease).write();
        remember(RevisionKey.ofPut(main, sub), history);
        index(VersionKey.of(key, main, sub), false);
        events.add(new Event(main, key, history, false, beforeOperation(key, former)));
        moveLease(key, formerLease, lease);
    }

    void delete(byte[] key, LiveRow former) {
        long sub = changes++;
        keys--;
        rows.delete(Family.KEYS, key);
        writtenBytes -= key.length + former.row().length;
        byte[] history = HistoryRow.ofTombstone(key).write();
        remember(RevisionKey.ofTombstone(main, sub), history);
        index(VersionKey.of(key, main, sub), true);
        events.add(new Event(main, key, history, true, beforeOperation(key, former)));
        moveLease(key, former.lease(), 0);
    }

    /**
     * Watchers hear what a key was one revision before, also when a transaction changes it twice: etcd lets a delete follow
     * a put in some of them.
     */
    private @Nullable LiveRow beforeOperation(byte[] key, @Nullable LiveRow former) {
        if (former == null || former.modRevision() != main) {
            return former;
        }
        for (int i = eventsBefore; i < events.size(); i++) {
            Event earlier = events.get(i);
            if (Arrays.equals(earlier.key(), key)) {
                return earlier.former();
            }
        }
        throw new InvariantViolation("revision " + main + " has changed a key without an event");
    }

    private void remember(byte[] revisionKey, byte[] history) {
        rows.put(Family.HISTORY, revisionKey, history);
        writtenBytes += revisionKey.length + history.length;
    }

    private void index(byte[] versionKey, boolean tombstone) {
        byte[] flag = VersionKey.flag(tombstone);
        rows.put(Family.VERSIONS, versionKey, flag);
        writtenBytes += versionKey.length + flag.length;
    }

    private void moveLease(byte[] key, long from, long to) {
        if (from == to) {
            return;
        }
        if (from != 0) {
            rows.delete(Family.LEASE_KEYS, LeaseKey.of(from, key));
        }
        if (to != 0) {
            rows.put(Family.LEASE_KEYS, LeaseKey.of(to, key), NOTHING);
        }
    }
}
