package dev.keelson.engine.world;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What clients were told, checked as they are told it.
 *
 * <p>Writes carry unique values, so a revision names one write: two acknowledged writes never share a revision, a write
 * that began after another was acknowledged has the higher one, and a linearizable read shows at least every write that
 * was acknowledged before the read began.
 */
final class History {

    private final TreeMap<Long, String> byRevision = new TreeMap<>();
    private final Map<String, Long> acknowledged = new HashMap<>();
    private long newestAcknowledged;

    /** The newest revision any client has been told of; what begins now must not see less. */
    long floor() {
        return newestAcknowledged;
    }

    void acknowledge(String key, String value, long revision, long floorAtStart) {
        if (revision <= floorAtStart) {
            throw new AssertionError("write of " + key + "=" + value + " got revision " + revision + " although "
                    + floorAtStart + " had been acknowledged before it began");
        }
        String former = byRevision.put(revision, key + "=" + value);
        if (former != null) {
            throw new AssertionError(
                    "revision " + revision + " was given to " + former + " and to " + key + "=" + value);
        }
        acknowledged.put(key, Math.max(revision, acknowledged.getOrDefault(key, 0L)));
        newestAcknowledged = Math.max(newestAcknowledged, revision);
    }

    void read(long revision, long floorAtStart) {
        if (revision < floorAtStart) {
            throw new AssertionError("stale read: revision " + revision + " although " + floorAtStart
                    + " had been acknowledged before it began");
        }
    }

    /** For each key the newest acknowledged write of it, by revision. */
    Map<String, Long> newestWrites() {
        return acknowledged;
    }

    /** The write that was acknowledged at a revision, null when none was. */
    @Nullable
    String at(long revision) {
        return byRevision.get(revision);
    }

    int size() {
        return byRevision.size();
    }
}
