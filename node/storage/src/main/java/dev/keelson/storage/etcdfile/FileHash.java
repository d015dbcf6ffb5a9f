package dev.keelson.storage.etcdfile;

import dev.keelson.mvcc.key.HistoryRow;
import dev.keelson.mvcc.key.RevisionKey;
import dev.keelson.storage.bolt.BoltFile;
import java.util.BitSet;
import java.util.zip.CRC32C;

/**
 * Computes the hash that members compare from a file: what {@code HashKV} answers at the same revision and above the same
 * compaction.
 *
 * <p>Of the rows at or below the compaction those count that are still the newest of their key at the hashed revision; but
 * when no key is live there, those that are live at the compaction. The history is read twice for it, three times in the
 * last case.
 */
final class FileHash {

    private final BoltFile bolt;
    private final long compactRevision;
    private final long revision;
    private final long seed;
    private int row;
    private long live;

    FileHash(BoltFile bolt, long compactRevision, long revision, long seed) {
        this.bolt = bolt;
        this.compactRevision = compactRevision;
        this.revision = revision;
        this.seed = seed;
    }

    HistoryDigest compute() {
        BitSet kept = kept(revision);
        long keys = live;
        if (keys == 0 && compactRevision > 0) {
            kept = kept(Math.min(compactRevision, revision));
        }
        var hash = new CRC32C();
        hash.update(Bucket.KEY.nameBytes());
        row = 0;
        BitSet counted = kept;
        EtcdFile.forEach(bolt, Bucket.KEY, (key, value) -> {
            long main = RevisionKey.main(key);
            if (main <= revision && (main > compactRevision || counted.get(row))) {
                hash.update(key);
                hash.update(value);
            }
            row++;
        });
        return new HistoryDigest((int) hash.getValue(), compactRevision, revision, keys);
    }

    /** Of the rows at or below the compaction, those that are the newest of their key at a revision and no tombstones. */
    private BitSet kept(long at) {
        var last = new LastRows(seed);
        row = 0;
        live = 0;
        EtcdFile.forEach(bolt, Bucket.KEY, (key, value) -> {
            long main = RevisionKey.main(key);
            if (main <= at) {
                see(last, key, value, main);
            }
            row++;
        });
        live += last.size();
        return last.rows();
    }

    private void see(LastRows last, byte[] revisionKey, byte[] value, long main) {
        byte[] key = HistoryRow.keyOf(value);
        boolean tombstone = RevisionKey.isTombstone(revisionKey);
        if (main <= compactRevision && !tombstone) {
            last.put(key, row);
            return;
        }
        int before = last.size();
        last.remove(key);
        if (main <= compactRevision) {
            return;
        }
        // Above the compaction every row is there: a key that was live there either goes or stays, others come and go.
        boolean wasHeld = last.size() < before;
        if (tombstone) {
            live -= wasHeld ? 0 : 1;
        } else if (wasHeld || HistoryRow.read(value).version() == 1) {
            live++;
        }
    }
}
