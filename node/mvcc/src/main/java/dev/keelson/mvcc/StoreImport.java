package dev.keelson.mvcc;

import dev.keelson.mvcc.backend.Backend;
import dev.keelson.mvcc.backend.Family;
import dev.keelson.mvcc.key.HistoryRow;
import dev.keelson.mvcc.key.LeaseKey;
import dev.keelson.mvcc.key.LeaseRow;
import dev.keelson.mvcc.key.LiveRow;
import dev.keelson.mvcc.key.RevisionKey;
import dev.keelson.mvcc.key.VersionKey;

/**
 * Makes the rows of a store out of a history, which may come from etcd.
 *
 * <p>Rows of HISTORY are taken byte for byte, since members compare hashes of them; everything else follows from them. The
 * backend is no store before {@link #finish}: until then it must not be opened as one.
 *
 * <p>Thread rule: one thread.
 */
public final class StoreImport {

    /** Bytes of rows that are gathered before they are written. */
    private static final long BATCH_BYTES_MAX = 4L << 20;

    private static final byte[] NOTHING = {};

    private final Backend backend;
    private Overlay rows;
    private long gatheredBytes;
    private long revision;
    private long sub = -1;
    private long writtenBytes = MvccStore.EMPTY_BYTES;
    private long keys;

    /** @param backend an empty one */
    public StoreImport(Backend backend) {
        this.backend = backend;
        this.rows = new Overlay(backend);
    }

    /** The highest revision so far; 0 before the first. */
    public long revision() {
        return revision;
    }

    /**
     * Takes the next row of HISTORY, in the order of the revisions.
     *
     * @param row as {@link HistoryRow} writes it; an empty one stands for a revision that was passed over
     */
    public void history(byte[] revisionKey, byte[] row) {
        long main = RevisionKey.main(revisionKey);
        long rowSub = RevisionKey.sub(revisionKey);
        Invariant.check(
                main > revision || main == revision && rowSub > sub, () -> "revision " + main + " comes out of order");
        revision = main;
        sub = rowSub;
        HistoryRow change = HistoryRow.read(row);
        byte[] key = change.key();
        boolean tombstone = RevisionKey.isTombstone(revisionKey);
        count(Family.HISTORY, revisionKey, row);
        count(Family.VERSIONS, VersionKey.of(key, main, rowSub), VersionKey.flag(tombstone));
        byte[] former = rows.get(Family.KEYS, key);
        if (former != null) {
            remove(key, LiveRow.read(former));
        }
        if (!tombstone) {
            keys++;
            var position = new LiveRow.Position(change.createRevision(), main, rowSub, change.version());
            count(Family.KEYS, key, LiveRow.write(position, change.lease(), change.value()));
            if (change.lease() != 0) {
                put(Family.LEASE_KEYS, LeaseKey.of(change.lease(), key), NOTHING);
            }
        }
        writeWhenMany();
    }

    private void remove(byte[] key, LiveRow former) {
        keys--;
        writtenBytes -= key.length + former.row().length;
        rows.delete(Family.KEYS, key);
        if (former.lease() != 0) {
            rows.delete(Family.LEASE_KEYS, LeaseKey.of(former.lease(), key));
        }
    }

    public void lease(LeaseRow lease) {
        put(Family.LEASES, LeaseKey.of(lease.id()), lease.write());
        writeWhenMany();
    }

    /** As {@link StoreBatch#putMeta}. */
    public void meta(String name, byte[] value) {
        put(Family.META, StoreBatch.foreignMetaKey(name), value);
    }

    private void count(Family family, byte[] key, byte[] value) {
        writtenBytes += key.length + value.length;
        put(family, key, value);
    }

    private void put(Family family, byte[] key, byte[] value) {
        rows.put(family, key, value);
        gatheredBytes += key.length + value.length;
    }

    private void writeWhenMany() {
        if (gatheredBytes > BATCH_BYTES_MAX) {
            write();
        }
    }

    private void write() {
        backend.write(rows::emit);
        rows = new Overlay(backend);
        gatheredBytes = 0;
    }

    /**
     * Completes the store and makes it durable.
     *
     * @param ordered revision of the last compaction that was ordered, {@link MvccStore#NEVER_COMPACTED} for none
     * @param finished revision of the last compaction that came to its end, in the same way
     */
    public void finish(long ordered, long finished) {
        long compacted = Math.max(ordered, finished);
        long last = Math.max(Math.max(revision, compacted), MvccStore.FIRST_REVISION);
        put(Family.META, StoreState.ROW, new StoreState(last, compacted, writtenBytes, writtenBytes, keys).write());
        put(Family.META, CompactionState.ROW, new CompactionState(finished, 0).write());
        write();
        backend.flush();
    }
}
