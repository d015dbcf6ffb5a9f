package dev.keelson.mvcc;

import dev.keelson.mvcc.backend.Family;
import dev.keelson.mvcc.key.HistoryRow;
import dev.keelson.mvcc.key.LeaseKey;
import dev.keelson.mvcc.key.LiveRow;
import dev.keelson.mvcc.key.RevisionKey;
import dev.keelson.mvcc.key.VersionKey;
import org.jspecify.annotations.Nullable;

/**
 * Writes the rows of one change of a key, in all families that know of it, and counts their bytes.
 *
 * <p>Thread rule: the apply thread only.
 */
final class RowWriter {

    private static final byte[] NOTHING = {};

    private final Overlay rows;
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
        moveLease(key, formerLease, lease);
    }

    void delete(byte[] key, LiveRow former) {
        long sub = changes++;
        keys--;
        rows.delete(Family.KEYS, key);
        writtenBytes -= key.length + former.row().length;
        remember(RevisionKey.ofTombstone(main, sub), HistoryRow.ofTombstone(key).write());
        index(VersionKey.of(key, main, sub), true);
        moveLease(key, former.lease(), 0);
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
