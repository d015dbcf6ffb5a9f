package dev.keelson.mvcc;

import dev.keelson.mvcc.ModelStore.Change;
import dev.keelson.mvcc.key.HistoryRow;
import dev.keelson.mvcc.key.RevisionKey;
import java.util.HashSet;
import java.util.Set;
import java.util.zip.CRC32C;

/** HashKV as etcd's source says it: a set of changes to keep, and a walk over all of them. */
final class ModelHash {

    private ModelHash() {}

    static HashKvResult of(ModelStore store, long requested) {
        if (requested > 0 && requested < store.compactRevision) {
            throw new StoreException(StoreError.COMPACTED);
        }
        if (requested > store.revision) {
            throw new StoreException(StoreError.FUTURE_REVISION);
        }
        // What is compacted has to be gone for etcd's rule to say anything when nothing is kept.
        ModelStore compacted = store.copy();
        compacted.finishCompaction();
        long revision = requested == 0 ? store.revision : requested;
        Set<Change> keep = new HashSet<>();
        for (Change newest : compacted.newestAt(revision).values()) {
            if (!newest.isTombstone()) {
                keep.add(newest);
            }
        }
        var hash = new CRC32C();
        hash.update(Requests.bytes("key"));
        for (Change change : compacted.changes) {
            boolean above = change.main() > revision;
            boolean skipped = change.main() <= store.compactRevision && !keep.isEmpty() && !keep.contains(change);
            boolean atCompaction = change.main() == store.compactRevision && change.isTombstone();
            if (!above && !skipped && !atCompaction) {
                hash.update(revisionKey(change));
                hash.update(row(change));
            }
        }
        return new HashKvResult((int) hash.getValue(), store.compactRevision, revision);
    }

    static byte[] revisionKey(Change change) {
        return change.isTombstone()
                ? RevisionKey.ofTombstone(change.main(), change.sub())
                : RevisionKey.ofPut(change.main(), change.sub());
    }

    static byte[] row(Change change) {
        KeyValue kv = change.kv();
        if (kv == null) {
            return HistoryRow.ofTombstone(change.key()).write();
        }
        return new HistoryRow(kv.key(), kv.createRevision(), kv.modRevision(), kv.version(), kv.value(), kv.lease())
                .write();
    }
}
