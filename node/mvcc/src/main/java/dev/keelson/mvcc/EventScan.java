package dev.keelson.mvcc;

import dev.keelson.mvcc.backend.Cursor;
import dev.keelson.mvcc.backend.Family;
import dev.keelson.mvcc.backend.Reader;
import dev.keelson.mvcc.key.HistoryRow;
import dev.keelson.mvcc.key.RevisionKey;
import org.jspecify.annotations.Nullable;

/**
 * Walks the changes of a span of revisions, in order, as HISTORY has kept them; what the keys were before is not in them.
 *
 * <p>Thread rule: as the view it comes from, before which it is closed.
 */
public final class EventScan implements AutoCloseable {

    private final Cursor rows;

    EventScan(Reader reader, long from, long through) {
        this.rows = reader.ascend(Family.HISTORY, RevisionKey.ofPut(from, 0), RevisionKey.ofPut(through + 1, 0));
    }

    /** The next change, or null at the end. */
    public @Nullable Event next() {
        if (!rows.isValid()) {
            return null;
        }
        byte[] revisionKey = rows.key();
        byte[] row = rows.value();
        rows.next();
        return new Event(
                RevisionKey.main(revisionKey), HistoryRow.keyOf(row), row, RevisionKey.isTombstone(revisionKey), null);
    }

    @Override
    public void close() {
        rows.close();
    }
}
