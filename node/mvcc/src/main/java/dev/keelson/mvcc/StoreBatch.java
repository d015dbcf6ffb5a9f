package dev.keelson.mvcc;

import dev.keelson.mvcc.backend.Backend;
import dev.keelson.mvcc.backend.Cursor;
import dev.keelson.mvcc.backend.Family;
import dev.keelson.mvcc.key.LeaseKey;
import dev.keelson.mvcc.key.LiveRow;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One atomic write of the store, made of any number of operations; each sees those before it.
 *
 * <p>An operation that throws {@link StoreException} leaves nothing of itself behind (etcd issue 18749). One that changes
 * something takes one main revision for all its changes; one that does not takes none.
 *
 * <p>Thread rule: the apply thread only.
 */
public final class StoreBatch {

    private static final String OWN_META_PREFIX = "store.";

    private final MvccStore store;
    private final Overlay rows;
    private final RowWriter writer;
    private long sizeBytes;
    private long revision;
    private long compactRevision;

    StoreBatch(MvccStore store, Backend backend, StoreState before) {
        this.store = store;
        this.rows = new Overlay(backend);
        this.writer = new RowWriter(rows, before.writtenBytes(), before.keys());
        this.sizeBytes = before.sizeBytes();
        this.revision = before.revision();
        this.compactRevision = before.compactRevision();
    }

    /** The revision after the operations so far. */
    public long revision() {
        return revision;
    }

    public PutResult put(PutRequest request) {
        PutChecks.checkLease(rows, request);
        byte[] liveRow = rows.get(Family.KEYS, request.key());
        PutChecks.checkKept(request, liveRow);
        writer.begin(revision + 1);
        PutResult result = put(request, liveRow);
        end();
        return result;
    }

    public DeleteRangeResult deleteRange(DeleteRangeRequest request) {
        writer.begin(revision + 1);
        DeleteRangeResult result = delete(request);
        end();
        return result;
    }

    /** Reads what the batch has made of the store so far. */
    public RangeResult range(RangeRequest request) {
        return reader().range(request);
    }

    public TxnResult txn(TxnRequest request) {
        RangeReader before = reader();
        TxnPath path = TxnPath.of(before, request);
        path.check(before);
        writer.begin(revision + 1);
        rows.mark();
        List<OperationResult> results;
        try {
            results = run(path);
        } catch (StoreException refusal) {
            rows.rollBack();
            writer.rollBack();
            throw refusal;
        }
        rows.keep();
        end();
        return new TxnResult(revision, path.succeeded(), results);
    }

    private List<OperationResult> run(TxnPath path) {
        List<OperationResult> results = new ArrayList<>(path.operations().size());
        int inner = 0;
        for (Operation operation : path.operations()) {
            results.add(
                    switch (operation) {
                        case PutRequest put -> putInTxn(put);
                        case RangeRequest range -> reader().range(range);
                        case DeleteRangeRequest delete -> delete(delete);
                        case TxnRequest _ -> runNested(path.nested().get(inner++));
                    });
        }
        return results;
    }

    /** etcd leaves the revision of a nested answer unset; clients see 0. */
    private TxnResult runNested(TxnPath path) {
        return new TxnResult(0, path.succeeded(), run(path));
    }

    /** Checked before the transaction, but what an ignore flag keeps may have been deleted by it since. */
    private PutResult putInTxn(PutRequest request) {
        byte[] liveRow = rows.get(Family.KEYS, request.key());
        PutChecks.checkKept(request, liveRow);
        return put(request, liveRow);
    }

    private PutResult put(PutRequest request, byte @Nullable [] liveRow) {
        LiveRow former = liveRow == null ? null : LiveRow.read(liveRow);
        writer.put(request, former);
        if (former == null || !request.prevKv()) {
            return new PutResult(revision + 1, null);
        }
        return new PutResult(revision + 1, RangeReader.kv(request.key(), former));
    }

    private DeleteRangeResult delete(DeleteRangeRequest request) {
        List<Doomed> doomed = doomed(KeyRange.of(request.key(), request.rangeEnd()));
        List<KeyValue> formers = request.prevKv() ? new ArrayList<>(doomed.size()) : List.of();
        for (Doomed live : doomed) {
            writer.delete(live.key(), live.row());
            if (request.prevKv()) {
                formers.add(RangeReader.kv(live.key(), live.row()));
            }
        }
        return new DeleteRangeResult(revisionSoFar(), doomed.size(), formers);
    }

    private record Doomed(byte[] key, LiveRow row) {}

    private List<Doomed> doomed(KeyRange range) {
        List<Doomed> doomed = new ArrayList<>();
        if (range.isEmpty()) {
            return doomed;
        }
        if (range.single()) {
            addDoomed(range.lo(), doomed);
            return doomed;
        }
        try (Cursor cursor = rows.ascend(Family.KEYS, range.lo(), range.hi())) {
            for (; cursor.isValid(); cursor.next()) {
                doomed.add(new Doomed(cursor.key(), LiveRow.read(cursor.value())));
            }
        }
        return doomed;
    }

    private void addDoomed(byte[] key, List<Doomed> doomed) {
        byte[] row = rows.get(Family.KEYS, key);
        if (row != null) {
            doomed.add(new Doomed(key, LiveRow.read(row)));
        }
    }

    /** Writes the state of a lease, which may be a new one. */
    public void putLease(long lease, byte[] state) {
        rows.put(Family.LEASES, LeaseKey.of(lease), state);
    }

    /** The state of a lease, or null when there is no such lease. */
    public byte @Nullable [] lease(long lease) {
        return rows.get(Family.LEASES, LeaseKey.of(lease));
    }

    /** The keys that a lease holds, in their order. */
    public List<byte[]> leaseKeys(long lease) {
        var keys = new ArrayList<byte[]>();
        try (Cursor cursor = rows.ascend(Family.LEASE_KEYS, LeaseKey.of(lease), LeaseKey.hi(lease))) {
            for (; cursor.isValid(); cursor.next()) {
                keys.add(LeaseKey.userKey(cursor.key()));
            }
        }
        return keys;
    }

    /** Ends a lease and deletes the keys it holds, in the order of the keys, in one revision. */
    public DeleteRangeResult revokeLease(long lease) {
        if (lease(lease) == null) {
            throw new StoreException(StoreError.LEASE_NOT_FOUND);
        }
        List<Doomed> doomed = new ArrayList<>();
        leaseKeys(lease).forEach(key -> addDoomed(key, doomed));
        writer.begin(revision + 1);
        doomed.forEach(live -> writer.delete(live.key(), live.row()));
        rows.delete(Family.LEASES, LeaseKey.of(lease));
        end();
        return new DeleteRangeResult(revision, doomed.size(), List.of());
    }

    /**
     * Orders the removal of what is superseded at or below a revision; reads below it fail from now on.
     *
     * @return the store's revision
     */
    public long compact(long atRevision) {
        if (atRevision <= compactRevision) {
            throw new StoreException(StoreError.COMPACTED);
        }
        if (atRevision > revision) {
            throw new StoreException(StoreError.FUTURE_REVISION);
        }
        compactRevision = atRevision;
        return revision;
    }

    /** Declares the space of removed rows given back, as etcd's defragmentation does: the size becomes what is in use. */
    public void reclaim() {
        sizeBytes = 0;
    }

    /** The row that {@link #putMeta} wrote, or null. */
    public byte @Nullable [] meta(String name) {
        return rows.get(Family.META, MvccStore.metaKey(name));
    }

    /** Writes a row of META; names that begin with {@code store.} are the store's own. */
    public void putMeta(String name, byte[] value) {
        rows.put(Family.META, foreignMetaKey(name), value);
    }

    public void deleteMeta(String name) {
        rows.delete(Family.META, foreignMetaKey(name));
    }

    static byte[] foreignMetaKey(String name) {
        Invariant.check(!name.startsWith(OWN_META_PREFIX), () -> "the META row " + name + " is the store's own");
        return MvccStore.metaKey(name);
    }

    /** What the operations so far have changed, in order: what those who watch hear of once it is committed. */
    public List<Event> events() {
        return Collections.unmodifiableList(writer.events());
    }

    /** Writes everything at once and publishes the view that shows it. */
    public void commit() {
        store.commit(rows, new StoreState(revision, compactRevision, writer.writtenBytes(), sizeBytes, writer.keys()));
    }

    private void end() {
        revision = revisionSoFar();
        writer.end();
    }

    /** The revision after the changes so far of the operation under way. */
    private long revisionSoFar() {
        return writer.changes() > 0 ? revision + 1 : revision;
    }

    private RangeReader reader() {
        return new RangeReader(rows, revisionSoFar(), compactRevision);
    }
}
