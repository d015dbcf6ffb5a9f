package dev.keelson.mvcc;

import dev.keelson.mvcc.backend.Cursor;
import dev.keelson.mvcc.backend.Family;
import dev.keelson.mvcc.backend.Reader;
import dev.keelson.mvcc.key.LeaseKey;
import dev.keelson.mvcc.key.LeaseRow;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One state of the store, at a revision; what is written later is not seen.
 *
 * <p>Thread rule: one thread at a time, which closes it once.
 */
public final class ReadView implements AutoCloseable {

    private final PublishedState published;
    private final RangeReader reader;

    ReadView(PublishedState published) {
        this.published = published;
        StoreState state = published.state();
        this.reader = new RangeReader(published.snapshot(), state.revision(), state.compactRevision());
    }

    public long revision() {
        return reader.revision();
    }

    /** Revisions below it cannot be read; {@link MvccStore#NEVER_COMPACTED} at first. */
    public long compactRevision() {
        return reader.compactRevision();
    }

    /** The compaction whose superseded rows were all removed in this state. */
    public long finishedCompactRevision() {
        return CompactionState.read(reader.reader().get(Family.META, CompactionState.ROW))
                .finishedRevision();
    }

    /** The rows of this state as they lie in the backend, for who copies the store as a whole. */
    public Reader rows() {
        return reader.reader();
    }

    public RangeResult range(RangeRequest request) {
        return reader.range(request);
    }

    /** The first keys of the request's range, up to its limit, and none after those that make more than the bytes. */
    public RangeChunk chunk(RangeRequest request, long bytesMax) {
        return reader.chunk(request, bytesMax);
    }

    /** How many keys the request's range has at its revision, whatever its limit. */
    public long count(RangeRequest request) {
        return reader.count(request);
    }

    /** Whether all of the compares hold. */
    public boolean compare(List<Compare> compares) {
        return TxnPath.allHold(reader, compares);
    }

    /** Runs a transaction that {@link TxnRequest#isReadOnly}. */
    public TxnResult readTxn(TxnRequest txn) {
        TxnPath path = TxnPath.of(reader, txn);
        path.check(reader);
        List<OperationResult> results = new ArrayList<>(path.operations().size());
        for (Operation operation : path.operations()) {
            if (!(operation instanceof RangeRequest range)) {
                throw new IllegalArgumentException(
                        "readTxn was given " + operation + "; transactions that write go through a StoreBatch");
            }
            results.add(reader.range(range));
        }
        return new TxnResult(revision(), path.succeeded(), results);
    }

    /** The hash that members compare, equal to etcd's; {@code revision} 0 is the newest. */
    public HashKvResult hashKv(long revision) {
        return new KvHash(reader).at(revision);
    }

    /** A hash over all rows but META, for tests: how far a compaction has come shows in it. */
    public int hash() {
        return KvHash.ofAllRows(reader.reader());
    }

    /** The lease, or null when there is none. */
    public @Nullable LeaseRow lease(long id) {
        byte[] row = reader.reader().get(Family.LEASES, LeaseKey.of(id));
        return row == null ? null : LeaseRow.read(row);
    }

    /** Leases in the order of their ids as unsigned numbers, from {@code lo} on, {@code max} of them at most. */
    public List<LeaseRow> leases(long lo, int max) {
        var found = new ArrayList<LeaseRow>();
        try (Cursor cursor = reader.reader().ascend(Family.LEASES, LeaseKey.of(lo), null)) {
            for (; found.size() < max && cursor.isValid(); cursor.next()) {
                found.add(LeaseRow.read(cursor.value()));
            }
        }
        return found;
    }

    /** The keys that a lease holds, in their order. */
    public List<byte[]> leaseKeys(long id) {
        var keys = new ArrayList<byte[]>();
        try (Cursor cursor = reader.reader().ascend(Family.LEASE_KEYS, LeaseKey.of(id), LeaseKey.hi(id))) {
            for (; cursor.isValid(); cursor.next()) {
                keys.add(LeaseKey.userKey(cursor.key()));
            }
        }
        return keys;
    }

    /**
     * The changes from one revision up to and with another, in order; none is missing if {@code from} is not below the
     * compact revision.
     */
    public EventScan events(long from, long through) {
        return new EventScan(reader.reader(), from, Math.min(through, revision()));
    }

    /**
     * The row of HISTORY that says what a key was at an old revision; null when it was not there or when that revision is
     * compacted.
     */
    public byte @Nullable [] historyRow(byte[] key, long atRevision) {
        return reader.historyRow(key, atRevision);
    }

    /** The row that {@link StoreBatch#putMeta} wrote, or null. */
    public byte @Nullable [] meta(String name) {
        return reader.reader().get(Family.META, MvccStore.metaKey(name));
    }

    /** The rows of META whose names begin with {@code prefix}, in the order of the names. */
    public Map<String, byte[]> metaPrefix(String prefix) {
        var rows = new TreeMap<String, byte[]>();
        try (Cursor cursor = reader.reader().ascend(Family.META, MvccStore.metaKey(prefix), null)) {
            for (; cursor.isValid(); cursor.next()) {
                String name = new String(cursor.key(), StandardCharsets.UTF_8);
                if (!name.startsWith(prefix)) {
                    break;
                }
                rows.put(name, cursor.value());
            }
        }
        return Collections.unmodifiableMap(rows);
    }

    @Override
    public void close() {
        published.release();
    }
}
