package dev.keelson.engine.read;

import dev.keelson.mvcc.HashKvResult;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The hashes that were asked for last, each by its revision, for when that revision is compacted.
 *
 * <p>Whoever hashes a revision, compacts there and hashes it again, to see that nothing was lost, gets the same answer from
 * etcd, which keeps the hash as it was before the compaction. The store alone would answer for what the compaction left.
 *
 * <p>Thread rule: any thread.
 */
public final class AskedHashes {

    private static final int KEPT_MAX = 10;

    private final Map<Long, HashKvResult> kept = new LinkedHashMap<>();

    /** The hash of a revision from before it was compacted; null when nobody asked for it then. */
    public synchronized @Nullable HashKvResult beforeCompaction(long revision) {
        return kept.get(revision);
    }

    /** Notes an answer, unless it is for what a compaction has left. */
    public synchronized void add(HashKvResult answer) {
        if (answer.hashRevision() <= answer.compactRevision()) {
            return;
        }
        kept.remove(answer.hashRevision());
        kept.put(answer.hashRevision(), answer);
        if (kept.size() > KEPT_MAX) {
            kept.remove(kept.keySet().iterator().next());
        }
    }

    /** Forgets them all: another store has taken the place of the one they are of. */
    public synchronized void clear() {
        kept.clear();
    }
}
