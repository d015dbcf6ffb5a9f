package dev.keelson.engine.membership;

import dev.keelson.engine.NodeLimits;
import dev.keelson.engine.codec.ByteReader;
import dev.keelson.engine.codec.ByteWriter;
import dev.keelson.mvcc.ReadView;
import dev.keelson.mvcc.StoreBatch;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * The requests whose membership change has been decided, the last few of them, as the store records them.
 *
 * <p>A change that seems lost is proposed again, and may then stand in the log twice. Without this list (1) an update of a
 * member's URLs takes effect; (2) another client's update of the same member takes effect; (3) the double of the first
 * one undoes it.
 *
 * <p>Thread rule: apply worker only.
 */
final class DecidedRequests {

    private static final String ROW = "member.requests";

    private final Deque<Long> ids = new ArrayDeque<>();

    private DecidedRequests() {}

    static DecidedRequests load(ReadView view) {
        var loaded = new DecidedRequests();
        byte[] row = view.meta(ROW);
        if (row != null) {
            var in = new ByteReader(row);
            for (int left = in.count(); left > 0; left--) {
                loaded.ids.add(in.fixed());
            }
        }
        return loaded;
    }

    /** Notes that a request is decided now; false when it was before. */
    boolean add(StoreBatch batch, long requestId) {
        if (requestId == MemberChange.NOBODYS) {
            return true;
        }
        if (ids.contains(requestId)) {
            return false;
        }
        ids.add(requestId);
        if (ids.size() > NodeLimits.MEMBER_CHANGES_REMEMBERED) {
            ids.remove();
        }
        var out = new ByteWriter((ids.size() + 1) * Long.BYTES).number(ids.size());
        ids.forEach(out::fixed);
        batch.putMeta(ROW, out.toBytes());
        return true;
    }
}
