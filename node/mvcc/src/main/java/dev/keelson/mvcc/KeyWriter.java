package dev.keelson.mvcc;

import dev.keelson.mvcc.backend.Family;
import dev.keelson.mvcc.backend.Mutations;
import dev.keelson.mvcc.key.HistoryValue;
import dev.keelson.mvcc.key.LiveRow;
import dev.keelson.mvcc.key.RevisionKey;
import dev.keelson.mvcc.key.VersionKey;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Writes the rows of one change of a key, in all families that know of it, and counts what they add.
 *
 * <p>Thread rule: apply thread only.
 */
final class KeyWriter {

    private static final byte[] NOTHING = new byte[0];

    private final Mutations rows;
    private long main;
    private long changes;
    private long grownBytes;

    KeyWriter(Mutations rows) {
        this.rows = rows;
    }

    /** The changes that follow have this main revision. */
    void begin(long mainRevision) {
        main = mainRevision;
        changes = 0;
    }

    /** Changes since {@link #begin}. */
    long changes() {
        return changes;
    }

    /** Bytes that all changes of the batch have added. */
    long grownBytes() {
        return grownBytes;
    }

    void put(PutRequest request, @Nullable KeyValue former) {
        byte[] value = request.ignoreValue() && former != null ? former.value() : request.value();
        long lease = request.ignoreLease() && former != null ? former.lease() : request.lease();
        var kv = new KeyValue(
                request.key(),
                former == null ? main : former.createRevision(),
                main,
                former == null ? 1 : former.version() + 1,
                value,
                lease);
        var revision = new Revision(main, changes++);
        byte[] live = LiveRow.encode(kv, revision.sub());
        rows.put(Family.KEYS, kv.key(), live);
        long formerBytes = former == null ? 0 : liveBytes(former);
        grownBytes += kv.key().length + live.length - formerBytes;
        putHistory(revision, kv.key(), HistoryValue.encode(kv), false);
        moveLease(kv.key(), former == null ? 0 : former.lease(), lease);
    }

    void delete(KeyValue former) {
        var revision = new Revision(main, changes++);
        rows.delete(Family.KEYS, former.key());
        grownBytes -= liveBytes(former);
        putHistory(revision, former.key(), HistoryValue.encodeTombstone(former.key()), true);
        moveLease(former.key(), former.lease(), 0);
    }

    private static long liveBytes(KeyValue kv) {
        return kv.key().length + LiveRow.sizeBytes(kv);
    }

    private void putHistory(Revision revision, byte[] key, byte[] value, boolean tombstone) {
        byte[] historyKey = RevisionKey.encode(revision, tombstone);
        byte[] versionKey = VersionKey.encode(key, revision);
        rows.put(Family.HISTORY, historyKey, value);
        rows.put(Family.VERSIONS, versionKey, tombstone ? VersionKey.DELETED : VersionKey.WRITTEN);
        grownBytes += historyKey.length + value.length + versionKey.length + VersionKey.WRITTEN.length;
    }

    private void moveLease(byte[] key, long from, long to) {
        if (from == to) {
            return;
        }
        if (from != 0) {
            rows.delete(Family.LEASE_KEYS, leaseKey(from, key));
        }
        if (to != 0) {
            rows.put(Family.LEASE_KEYS, leaseKey(to, key), NOTHING);
        }
    }

    private static byte[] leaseKey(long lease, byte[] key) {
        return ByteBuffer.allocate(Long.BYTES + key.length)
                .putLong(lease)
                .put(key)
                .array();
    }
}
