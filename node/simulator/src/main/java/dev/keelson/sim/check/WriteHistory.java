package dev.keelson.sim.check;

import dev.keelson.sim.check.Response.Kv;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What each revision did, as the replay of a history found it: the truth that watchers and leases are measured by.
 *
 * <p>Invariants: {@code changes} are ordered by revision, and within one as its write made them; those of revision
 * {@code r} begin at {@code first[r]}. Nothing is known of revisions above {@link #highest()}. A revision is certain
 * unless several writes of unknown outcome, or ends of leases, could have made it and no watcher told which it was.
 *
 * <p>Thread rule: one thread.
 */
public final class WriteHistory {

    private record Compaction(long invoked, long revision) {}

    private static final int[] NOWHERE = {};

    private final List<KeyChange> changes;
    private final int[] first;
    private final BitSet uncertain;
    private final long[] endedLease;
    private final History history;
    private final Map<String, int[]> byKey = new HashMap<>();
    private final Compaction[] compactions;
    private final long[] notBefore;

    /** @param endedLease by revision the lease that ended in it; 0 for none */
    WriteHistory(History history, List<KeyChange> changes, BitSet uncertain, long[] endedLease) {
        this.history = history;
        this.changes = changes;
        this.uncertain = uncertain;
        this.endedLease = endedLease;
        first = firsts(changes, endedLease.length - 1);
        var counts = new HashMap<String, Integer>();
        for (int i = 0; i < changes.size(); i++) {
            String key = changes.get(i).kv().key();
            int count = counts.merge(key, 1, Integer::sum);
            int[] places = byKey.getOrDefault(key, NOWHERE);
            if (count > places.length) {
                places = Arrays.copyOf(places, count + (count >> 1) + 1);
                byKey.put(key, places);
            }
            places[count - 1] = i;
        }
        byKey.replaceAll((key, places) -> Arrays.copyOf(places, counts.getOrDefault(key, 0)));
        compactions = compactions(history);
        notBefore = notBefore(history);
    }

    private static long[] notBefore(History history) {
        var latest = new long[history.highest() + 2];
        Arrays.fill(latest, Long.MIN_VALUE);
        for (Operation operation : history.byInvocation()) {
            Response response = History.response(operation);
            boolean binds = operation.returned() < Long.MAX_VALUE
                    && !Requests.serializable(operation.request())
                    && !(operation.request() instanceof Request.Compact);
            if (response != null && binds) {
                int next = (int) response.revision() + 1;
                latest[next] = Math.max(latest[next], operation.invoked());
            }
        }
        for (int revision = 1; revision < latest.length; revision++) {
            latest[revision] = Math.max(latest[revision], latest[revision - 1]);
        }
        return latest;
    }

    private static int[] firsts(List<KeyChange> changes, int highest) {
        var first = new int[highest + 2];
        int next = 0;
        for (int revision = 0; revision < first.length; revision++) {
            while (next < changes.size() && changes.get(next).kv().modRevision() < revision) {
                next++;
            }
            first[revision] = next;
        }
        return first;
    }

    private static Compaction[] compactions(History history) {
        var found = new ArrayList<Compaction>();
        for (Operation operation : history.byInvocation()) {
            if (operation.request() instanceof Request.Compact(long revision)
                    && !(operation.outcome() instanceof Outcome.Refused)) {
                long before = found.isEmpty() ? 0 : found.getLast().revision();
                found.add(new Compaction(operation.invoked(), Math.max(before, revision)));
            }
        }
        return found.toArray(new Compaction[0]);
    }

    /** The last revision of which it is known what it did. */
    public long highest() {
        return endedLease.length - 1L;
    }

    /** What the revision changed, in its order. */
    List<KeyChange> at(long revision) {
        return changes.subList(first[(int) revision], first[(int) revision + 1]);
    }

    boolean isCertain(long revision) {
        return !uncertain.get((int) revision);
    }

    /** Whether all revisions from one through another are certain. */
    boolean isCertain(long first, long last) {
        int next = uncertain.nextSetBit((int) first);
        return next < 0 || next > last;
    }

    /**
     * Whether a certain revision made the change in any case. What is deleted without an answer that says so, as by the
     * end of a lease, may have been there only because of an uncertain revision before.
     */
    boolean isCertain(KeyChange change) {
        long revision = change.kv().modRevision();
        Kv former = change.former();
        if (!isCertain(revision) || former == null || !change.kv().isDeletion()) {
            return isCertain(revision);
        }
        Operation owner = history.owner((int) revision);
        boolean told = owner != null && History.response(owner) != null;
        return told || former.modRevision() == revision || isCertain(former.modRevision(), revision - 1);
    }

    /** When the write of the revision was sent at the earliest. */
    long invoked(long revision) {
        Operation owner = history.owner((int) revision);
        return owner == null ? Long.MIN_VALUE : owner.invoked();
    }

    /** When somebody knew at the latest that the revision had been made; {@link Long#MAX_VALUE} if nobody ever did. */
    long seenBy(long revision) {
        return history.seenBy((int) revision);
    }

    /** A moment before which the revision had not been made: somebody asked then, and was answered from before it. */
    long notBefore(long revision) {
        return notBefore[(int) revision];
    }

    /** Whether the lease holds a key at the last revision. */
    boolean holdsInTheEnd(long lease) {
        return byKey.values().stream()
                .map(places -> changes.get(places[places.length - 1]).kv())
                .anyMatch(kv -> kv.lease() == lease);
    }

    /** The lease that ended in the revision; 0 for none. */
    long endedLease(long revision) {
        return endedLease[(int) revision];
    }

    /** All changes of the key, by revision. */
    List<KeyChange> of(String key) {
        int[] places = byKey.getOrDefault(key, NOWHERE);
        return Arrays.stream(places).mapToObj(changes::get).toList();
    }

    /** The key as the revision left it; null if it did not exist. */
    @Nullable
    Kv state(String key, long revision) {
        int[] places = byKey.getOrDefault(key, NOWHERE);
        int place = from(places, first[(int) Math.min(revision, highest()) + 1]) - 1;
        Kv kv = place < 0 ? null : changes.get(places[place]).kv();
        return kv == null || kv.isDeletion() ? null : kv;
    }

    /** What the key was in the revision before, as watchers are told; null if it did not exist, or exists anew. */
    @Nullable
    Kv formerOf(KeyChange change) {
        Kv kv = change.kv();
        Kv former = change.former();
        if (kv.version() == 1 || former == null || former.modRevision() < kv.modRevision()) {
            return kv.version() == 1 ? null : former;
        }
        return state(kv.key(), kv.modRevision() - 1);
    }

    /** The first certain change that the watcher wants in {@code [lo, hi)}; null if there is none. */
    @Nullable
    KeyChange firstWanted(WatchSpec spec, long lo, long hi) {
        long end = Math.min(hi, highest() + 1);
        if (lo >= end) {
            return null;
        }
        int from = first[(int) Math.max(lo, 0)];
        int to = first[(int) end];
        if (!spec.end().isEmpty()) {
            for (int place = from; place < to; place++) {
                if (isWanted(spec, place)) {
                    return changes.get(place);
                }
            }
            return null;
        }
        int[] places = byKey.getOrDefault(spec.key(), NOWHERE);
        for (int i = from(places, from); i < places.length && places[i] < to; i++) {
            if (isWanted(spec, places[i])) {
                return changes.get(places[i]);
            }
        }
        return null;
    }

    private boolean isWanted(WatchSpec spec, int place) {
        KeyChange change = changes.get(place);
        return spec.wants(change.kv()) && isCertain(change);
    }

    /** The highest revision at which anybody had asked for a compaction by then. */
    long compactedAtMost(long moment) {
        int low = 0;
        int high = compactions.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (compactions[middle].invoked() <= moment) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low == 0 ? 0 : compactions[low - 1].revision();
    }

    /** The first of the places that is not before {@code place}. */
    private static int from(int[] places, int place) {
        int found = Arrays.binarySearch(places, place);
        return found < 0 ? -found - 1 : found;
    }
}
