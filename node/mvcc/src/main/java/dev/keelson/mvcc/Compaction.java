package dev.keelson.mvcc;

import dev.keelson.mvcc.backend.Backend;
import dev.keelson.mvcc.backend.Cursor;
import dev.keelson.mvcc.backend.Family;
import dev.keelson.mvcc.key.RevisionKey;
import dev.keelson.mvcc.key.VersionKey;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The removal of the rows that a compaction superseded, a bounded number a step.
 *
 * <p>Of each key the newest version at or below the compact revision stays unless it is a delete before that revision (a
 * delete exactly at it stays: etcd #18089, a watch may begin there). It touches no row above the compact revision and
 * none of {@code KEYS}, so writes go on beside it; views that were published before keep their rows, since they are
 * pinned. Interrupted by a crash it begins anew and finds less to do.
 *
 * <p>Thread rule: one thread, which need not be the apply thread.
 */
public final class Compaction {

    private final MvccStore store;
    private final Backend backend;
    private final long revision;
    private byte[] position = new byte[0];
    private byte @Nullable [] decidedRow;
    private boolean finished;

    private record Superseded(byte[] row, boolean delete) {}

    Compaction(MvccStore store, Backend backend, long revision) {
        this.store = store;
        this.backend = backend;
        this.revision = revision;
    }

    /** The revision whose compaction this completes. */
    public long revision() {
        return revision;
    }

    /** Looks at up to {@code rowsMax} versions and removes the superseded ones; true while there is more to do. */
    public boolean step(int rowsMax) {
        if (finished) {
            return false;
        }
        List<Superseded> superseded = new ArrayList<>();
        boolean more = collect(rowsMax, superseded);
        remove(superseded, more);
        if (!more) {
            finished = true;
            store.compacted(revision);
        }
        return more;
    }

    private boolean collect(int rowsMax, List<Superseded> superseded) {
        try (Cursor versions = backend.ascend(Family.VERSIONS, position, null)) {
            for (int rows = 0; versions.isValid(); versions.next(), rows++) {
                byte[] row = versions.key();
                if (rows == rowsMax) {
                    position = row;
                    return true;
                }
                boolean delete = VersionKey.isDelete(versions.value());
                if (isSuperseded(row, delete)) {
                    superseded.add(new Superseded(row, delete));
                }
            }
            return false;
        }
    }

    private boolean isSuperseded(byte[] row, boolean delete) {
        if (decidedRow != null && VersionKey.sameKey(decidedRow, row)) {
            return true;
        }
        long main = VersionKey.revision(row).main();
        if (main > revision) {
            return false;
        }
        decidedRow = row;
        return delete && main < revision;
    }

    private void remove(List<Superseded> superseded, boolean more) {
        if (superseded.isEmpty() && more) {
            return;
        }
        backend.write(batch -> {
            for (Superseded version : superseded) {
                byte[] history = RevisionKey.encode(VersionKey.revision(version.row()), version.delete());
                byte[] value = backend.get(Family.HISTORY, history);
                batch.delete(Family.VERSIONS, version.row());
                batch.delete(Family.HISTORY, history);
                int valueBytes = value == null ? 0 : value.length;
                store.reclaimed(version.row().length + VersionKey.WRITTEN.length + history.length + valueBytes);
            }
            if (!more) {
                batch.put(Family.META, StoreRows.key(StoreRows.COMPACT_FINISHED), StoreRows.number(revision));
            }
        });
    }
}
