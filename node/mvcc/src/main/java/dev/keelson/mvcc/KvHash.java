package dev.keelson.mvcc;

import dev.keelson.mvcc.backend.Cursor;
import dev.keelson.mvcc.backend.Family;
import dev.keelson.mvcc.backend.Reader;
import dev.keelson.mvcc.key.HistoryRow;
import dev.keelson.mvcc.key.LiveRow;
import dev.keelson.mvcc.key.RevisionKey;
import dev.keelson.mvcc.key.VersionKey;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;

/**
 * The hash by which members compare their histories, equal to etcd's for the same operations.
 *
 * <p>CRC-32C over the name of etcd's bucket and then the keys and values of HISTORY up to a revision. Of the rows at or
 * below the compact revision only those count that are still the newest of their key at the hashed revision, whether or
 * not the others have been removed yet; but when no key is live at the hashed revision, those that are live at the compact
 * revision. A tombstone exactly at the compact revision is left out: etcd before 3.5.16 removed it.
 */
record KvHash(RangeReader state) {

    private static final byte[] BUCKET = "key".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] LOWEST_KEY = {};
    private static final KeyRange ALL_KEYS = new KeyRange(LOWEST_KEY, null, false);

    HashKvResult at(long requested) {
        if (requested > 0 && requested < state.compactRevision()) {
            throw new StoreException(StoreError.COMPACTED);
        }
        if (requested > state.revision()) {
            throw new StoreException(StoreError.FUTURE_REVISION);
        }
        long revision = requested == 0 ? state.revision() : requested;
        var hash = new CRC32C();
        hash.update(BUCKET);
        if (revision > 0) {
            updateWithHistory(hash, revision);
        }
        return new HashKvResult((int) hash.getValue(), state.compactRevision(), revision);
    }

    private void updateWithHistory(CRC32C hash, long revision) {
        long keptAt = hasLiveKey(revision) ? revision : state.compactRevision();
        byte[] end = RevisionKey.ofPut(revision + 1, 0);
        try (Cursor history = state.reader().ascend(Family.HISTORY, LOWEST_KEY, end)) {
            for (; history.isValid(); history.next()) {
                byte[] key = history.key();
                byte[] row = history.value();
                if (RevisionKey.main(key) > state.compactRevision() || isKept(key, row, keptAt)) {
                    hash.update(key);
                    hash.update(row);
                }
            }
        }
    }

    private boolean hasLiveKey(long revision) {
        if (revision == state.revision()) {
            try (Cursor keys = state.reader().ascend(Family.KEYS, LOWEST_KEY, null)) {
                return keys.isValid();
            }
        }
        try (var scan = new VersionScan(state.reader(), ALL_KEYS, revision)) {
            return scan.next() != null;
        }
    }

    /** Whether a revision is the newest of its key at another one, and no tombstone. */
    private boolean isKept(byte[] revisionKey, byte[] row, long at) {
        if (RevisionKey.isTombstone(revisionKey)) {
            return false;
        }
        byte[] key = HistoryRow.read(row).key();
        long main = RevisionKey.main(revisionKey);
        long sub = RevisionKey.sub(revisionKey);
        byte[] live = state.reader().get(Family.KEYS, key);
        if (live != null) {
            LiveRow newest = LiveRow.read(live);
            if (newest.modRevision() == main && newest.sub() == sub) {
                return true;
            }
        }
        try (var scan = new VersionScan(state.reader(), new KeyRange(key, null, true), at)) {
            byte[] newest = scan.next();
            return newest != null && VersionKey.main(newest) == main && VersionKey.sub(newest) == sub;
        }
    }

    static int ofAllRows(Reader reader) {
        var hash = new CRC32C();
        for (Family family : Family.values()) {
            if (family == Family.META) {
                continue;
            }
            hash.update(family.diskName().getBytes(StandardCharsets.US_ASCII));
            try (Cursor rows = reader.ascend(family, LOWEST_KEY, null)) {
                for (; rows.isValid(); rows.next()) {
                    hash.update(rows.key());
                    hash.update(rows.value());
                }
            }
        }
        return (int) hash.getValue();
    }
}
