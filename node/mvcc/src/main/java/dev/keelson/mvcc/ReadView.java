package dev.keelson.mvcc;

import dev.keelson.mvcc.backend.Cursor;
import dev.keelson.mvcc.backend.Family;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SequencedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One state of the store, at a revision; what is written later is not seen.
 *
 * <p>Thread rule: one thread at a time, which closes it.
 */
public final class ReadView implements AutoCloseable {

    private final PublishedState state;
    private final RangeReader reader;

    ReadView(PublishedState state) {
        this.state = state;
        this.reader = new RangeReader(state.snapshot(), state.revision(), state.compactRevision());
    }

    public long revision() {
        return state.revision();
    }

    public long compactRevision() {
        return state.compactRevision();
    }

    public RangeResult range(RangeRequest request) {
        return reader.range(request);
    }

    /** A transaction without writes. */
    public TxnResult readTxn(TxnRequest txn) {
        boolean succeeded = new Conditions(state.snapshot()).allHold(txn);
        List<Operation> branch = succeeded ? txn.success() : txn.failure();
        var results = new ArrayList<OperationResult>(branch.size());
        for (Operation operation : branch) {
            if (!(operation instanceof RangeRequest range)) {
                throw new IllegalArgumentException("a write in a read-only transaction: " + operation);
            }
            checkRevision(range, revision(), compactRevision());
        }
        for (Operation operation : branch) {
            results.add(range((RangeRequest) operation));
        }
        return new TxnResult(revision(), succeeded, results);
    }

    /** The rule for an explicit revision inside a transaction, checked before anything of it is done. */
    static void checkRevision(RangeRequest range, long revision, long compactRevision) {
        if (range.revision() > revision) {
            throw new StoreException(StoreError.FUTURE_REVISION);
        }
        if (range.revision() != 0 && range.revision() < compactRevision) {
            throw new StoreException(StoreError.COMPACTED);
        }
    }

    /** etcd's hash of the history through {@code atRevision}, 0 for all of it. */
    public HashKvResult hashKv(long atRevision) {
        return new HistoryHash(state.snapshot(), reader, revision(), compactRevision()).hashKv(atRevision);
    }

    /** A hash over every row of the history. */
    public int hash() {
        return HistoryHash.ofAllRows(state.snapshot());
    }

    public byte @Nullable [] meta(String name) {
        return state.snapshot().get(Family.META, StoreRows.key(name));
    }

    /** The rows of {@code META} whose names begin with {@code prefix}, by name. */
    public SequencedMap<String, byte[]> metaPrefix(String prefix) {
        var found = new TreeMap<String, byte[]>();
        try (Cursor rows = state.snapshot().ascend(Family.META, StoreRows.key(prefix), null)) {
            for (; rows.isValid(); rows.next()) {
                String name = new String(rows.key(), StandardCharsets.UTF_8);
                if (!name.startsWith(prefix)) {
                    break;
                }
                found.put(name, rows.value());
            }
        }
        return found;
    }

    @Override
    public void close() {
        state.release();
    }
}
