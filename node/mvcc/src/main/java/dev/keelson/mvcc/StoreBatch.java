package dev.keelson.mvcc;

import dev.keelson.mvcc.backend.Backend;
import dev.keelson.mvcc.backend.Cursor;
import dev.keelson.mvcc.backend.Family;
import dev.keelson.mvcc.key.LiveRow;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One atomic write of the store, made of any number of operations; each sees those before it.
 *
 * <p>An operation that is refused is refused before its first change, so nothing of it is left behind (etcd #18749).
 *
 * <p>Thread rule: apply thread only.
 */
public final class StoreBatch {

    private final MvccStore store;
    private final Backend backend;
    private final Overlay rows;
    private final KeyWriter writer;
    private long revision;
    private long compactRevision;

    StoreBatch(MvccStore store, Backend backend) {
        this.store = store;
        this.backend = backend;
        this.rows = new Overlay(backend);
        this.writer = new KeyWriter(rows);
        this.revision = store.revision();
        this.compactRevision = store.compactRevision();
    }

    /** The revision after the operations so far. */
    public long revision() {
        return revision;
    }

    public PutResult put(PutRequest request) {
        byte[] row = checkPut(request);
        writer.begin(revision + 1);
        PutResult result = put(request, row);
        finish();
        return result;
    }

    public DeleteRangeResult deleteRange(DeleteRangeRequest request) {
        writer.begin(revision + 1);
        DeleteRangeResult result = delete(request);
        finish();
        return result;
    }

    /** A range over the state so far. */
    public RangeResult range(RangeRequest request) {
        return reader(revision).range(request);
    }

    public TxnResult txn(TxnRequest request) {
        // All compares are evaluated before anything is done, those of nested transactions too.
        var path = new ArrayList<Boolean>();
        choosePath(request, path);
        check(request, path.iterator());
        writer.begin(revision + 1);
        TxnResult result = run(request, path.iterator());
        finish();
        return new TxnResult(revision, result.succeeded(), result.results());
    }

    /**
     * Marks everything superseded at or below {@code atRevision} for removal; reads below it fail from now on.
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
        putMeta(StoreRows.COMPACT_SCHEDULED, StoreRows.number(atRevision));
        return revision;
    }

    public byte @Nullable [] meta(String name) {
        return rows.get(Family.META, StoreRows.key(name));
    }

    /** Writes a row of {@code META}; names that begin with {@code store.} are the store's own. */
    public void putMeta(String name, byte[] value) {
        rows.put(Family.META, StoreRows.key(name), value);
    }

    public void deleteMeta(String name) {
        rows.delete(Family.META, StoreRows.key(name));
    }

    /** Writes everything at once and publishes the view that shows it. */
    public void commit() {
        long sizeInUse = store.writtenSizeInUse() + writer.grownBytes() - store.takeReclaimed();
        long size = Math.max(store.sizeBytes(), sizeInUse);
        putMeta(StoreRows.REVISION, StoreRows.number(revision));
        putMeta(StoreRows.SIZE, StoreRows.number(size));
        putMeta(StoreRows.SIZE_IN_USE, StoreRows.number(sizeInUse));
        backend.write(rows::writeTo);
        store.publish(revision, compactRevision, size, sizeInUse);
    }

    private void finish() {
        if (writer.changes() > 0) {
            revision++;
        }
    }

    private RangeReader reader(long current) {
        return new RangeReader(rows, current, compactRevision);
    }

    /** The revision that the changes of the operation under way have, or will have. */
    private long revisionSoFar() {
        return writer.changes() > 0 ? revision + 1 : revision;
    }

    // ---- transactions

    private void choosePath(TxnRequest txn, List<Boolean> path) {
        boolean succeeded = new Conditions(rows).allHold(txn);
        path.add(succeeded);
        for (Operation operation : succeeded ? txn.success() : txn.failure()) {
            if (operation instanceof TxnRequest nested) {
                choosePath(nested, path);
            }
        }
    }

    private void check(TxnRequest txn, Iterator<Boolean> path) {
        for (Operation operation : path.next() ? txn.success() : txn.failure()) {
            switch (operation) {
                case PutRequest put -> {
                    byte[] _ = checkPut(put);
                }
                case RangeRequest range -> ReadView.checkRevision(range, revision, compactRevision);
                case DeleteRangeRequest _ -> {}
                case TxnRequest nested -> check(nested, path);
            }
        }
    }

    private TxnResult run(TxnRequest txn, Iterator<Boolean> path) {
        boolean succeeded = path.next();
        List<Operation> branch = succeeded ? txn.success() : txn.failure();
        var results = new ArrayList<OperationResult>(branch.size());
        for (Operation operation : branch) {
            results.add(
                    switch (operation) {
                        case PutRequest put -> put(put, rows.get(Family.KEYS, put.key()));
                        case RangeRequest range -> reader(revisionSoFar()).range(range);
                        case DeleteRangeRequest delete -> delete(delete);
                        case TxnRequest nested -> run(nested, path);
                    });
        }
        // etcd gives the answer of a nested transaction no revision of its own.
        return new TxnResult(0, succeeded, results);
    }

    // ---- puts and deletes

    /** The live row of the key, or why the put cannot be done. */
    private byte @Nullable [] checkPut(PutRequest request) {
        byte[] row = rows.get(Family.KEYS, request.key());
        if (row == null && (request.ignoreValue() || request.ignoreLease())) {
            throw new StoreException(StoreError.KEY_NOT_FOUND);
        }
        if (request.lease() != 0 && rows.get(Family.LEASES, StoreRows.number(request.lease())) == null) {
            throw new StoreException(StoreError.LEASE_NOT_FOUND);
        }
        return row;
    }

    private PutResult put(PutRequest request, byte @Nullable [] row) {
        KeyValue former = row == null ? null : LiveRow.decode(request.key(), row);
        writer.put(request, former);
        return new PutResult(revision + 1, request.prevKv() ? former : null);
    }

    private DeleteRangeResult delete(DeleteRangeRequest request) {
        List<KeyValue> doomed = live(request);
        for (KeyValue kv : doomed) {
            writer.delete(kv);
        }
        return new DeleteRangeResult(revisionSoFar(), doomed.size(), request.prevKv() ? doomed : List.of());
    }

    private List<KeyValue> live(DeleteRangeRequest request) {
        KeyRange range = KeyRange.of(request.key(), request.rangeEnd());
        var found = new ArrayList<KeyValue>();
        if (range.single()) {
            byte[] row = rows.get(Family.KEYS, request.key());
            if (row != null) {
                found.add(LiveRow.decode(request.key(), row));
            }
            return found;
        }
        try (Cursor live = rows.ascend(Family.KEYS, range.lo(), range.hi())) {
            for (; live.isValid(); live.next()) {
                found.add(LiveRow.decode(live.key(), live.value()));
            }
        }
        return found;
    }
}
