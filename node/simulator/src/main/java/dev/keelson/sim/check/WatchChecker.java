package dev.keelson.sim.check;

import dev.keelson.sim.check.Response.Kv;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Checks what watchers were told against what the revisions did. Each watcher gets events of what it asked for alone
 * (filter), in the order of revisions (ordered), each once (unique), those of one revision together (atomic), none left
 * out up to the last event or progress (reliable), from whatever revision it starts at (resumable); progress is never
 * ahead of events (bookmarkable), previous values are those before (prevKV), and creations look like creations
 * (isCreate). It also exists before anything else is told of it, tells nothing from before its start, ends only where
 * what it wants is compacted, and is silent then.
 *
 * <p>Invariants: a watcher has been told of all revisions below {@code next}; what lies above the known history, or in a
 * revision that is not certain, may be missing.
 *
 * <p>Thread rule: one thread.
 */
public final class WatchChecker {

    /** One watcher, as far as its records have been taken. */
    private static final class Watcher {
        private final WatchSpec spec;
        private boolean created;
        private boolean canceled;
        private long next;
        private long lastEvent;
        private List<WatchEvent> pieces = List.of();

        Watcher(WatchSpec spec) {
            this.spec = spec;
            this.next = spec.startRevision();
        }
    }

    private final WriteHistory writes;
    private final Map<Integer, Watcher> watchers = new HashMap<>();
    private long events;

    public WatchChecker(WriteHistory writes) {
        this.writes = writes;
    }

    /** How many events were accepted. */
    public long events() {
        return events;
    }

    /**
     * Takes the next record; those of one watcher in their order.
     *
     * @throws HistoryViolation if a correct store does not tell it
     */
    public void accept(WatchRecord record) {
        if (record instanceof WatchRecord.Asked asked) {
            require(watchers.put(asked.watcher(), new Watcher(asked.spec())) == null, "asked for twice", record);
            return;
        }
        Watcher watcher = watchers.get(record.watcher());
        if (watcher == null) {
            throw new HistoryViolation("nobody asked for it: " + record);
        }
        try {
            accept(watcher, record);
        } catch (HistoryViolation violation) {
            throw new HistoryViolation("watcher " + record.watcher() + " of " + watcher.spec + ", told of all before "
                    + watcher.next + ": " + violation.getMessage());
        }
    }

    private void accept(Watcher watcher, WatchRecord record) {
        require(!watcher.canceled, "told something after its end", record);
        require(watcher.created || record instanceof WatchRecord.Created, "told something before it existed", record);
        switch (record) {
            case WatchRecord.Asked asked -> throw new IllegalStateException("taken before: " + asked);
            case WatchRecord.Created created -> created(watcher, created);
            case WatchRecord.Events told -> told(watcher, told);
            case WatchRecord.Progress progress -> progress(watcher, progress);
            case WatchRecord.Canceled canceled -> canceled(watcher, canceled);
        }
    }

    private static void created(Watcher watcher, WatchRecord.Created created) {
        require(!watcher.created, "created twice", created);
        require(created.revision() >= 1, "there is no such revision", created);
        watcher.created = true;
        if (watcher.spec.startRevision() == 0) {
            watcher.next = created.revision() + 1;
        }
    }

    /** Puts the pieces of an answer together and judges it whole. */
    private void told(Watcher watcher, WatchRecord.Events told) {
        require(!told.events().isEmpty(), "an answer without events", told);
        require(!told.fragment() || watcher.spec.fragments(), "an answer in pieces that were not asked for", told);
        events += told.events().size();
        List<WatchEvent> whole = told.events();
        if (!watcher.pieces.isEmpty()) {
            whole = new ArrayList<>(watcher.pieces);
            whole.addAll(told.events());
        }
        if (told.fragment()) {
            watcher.pieces = whole;
            return;
        }
        watcher.pieces = List.of();
        for (int from = 0; from < whole.size(); ) {
            int to = from + 1;
            while (to < whole.size() && revision(whole, to) == revision(whole, from)) {
                to++;
            }
            told(watcher, whole.subList(from, to), told);
            from = to;
        }
        require(told.revision() >= watcher.lastEvent, "a header from before its events", told);
    }

    private static long revision(List<WatchEvent> events, int index) {
        return events.get(index).kv().modRevision();
    }

    /** Judges the events of one revision. */
    private void told(Watcher watcher, List<WatchEvent> of, WatchRecord.Events told) {
        long revision = revision(of, 0);
        for (WatchEvent event : of) {
            shape(watcher, event, told);
        }
        require(revision != watcher.lastEvent, "revision " + revision + " came twice, or in two answers", told);
        require(revision > watcher.lastEvent, "revision " + revision + " after " + watcher.lastEvent, told);
        require(revision >= watcher.next, "revision " + revision + " from before its start or progress", told);
        missing(watcher, revision, told);
        if (revision <= writes.highest()) {
            compare(watcher, of, told);
        }
        watcher.lastEvent = revision;
        watcher.next = revision + 1;
    }

    /** What can be said of an event alone. */
    private static void shape(Watcher watcher, WatchEvent event, WatchRecord.Events told) {
        Kv kv = event.kv();
        require(watcher.spec.wants(kv), "it did not want " + kv, told);
        if (kv.isDeletion()) {
            require(kv.equals(Kv.deleted(kv.key(), kv.modRevision())), "a deletion with more than its key", told);
        } else {
            boolean creates = kv.createRevision() == kv.modRevision();
            require(creates == (kv.version() == 1), "creation and version do not fit: " + kv, told);
            require(kv.createRevision() <= kv.modRevision(), "changed before its creation: " + kv, told);
        }
        Kv former = event.prevKv();
        if (former != null) {
            require(watcher.spec.prevKv(), "a previous value that was not asked for: " + former, told);
            require(former.modRevision() < kv.modRevision(), "no previous value: " + former + " of " + kv, told);
        }
    }

    private void compare(Watcher watcher, List<WatchEvent> of, WatchRecord.Events told) {
        long revision = revision(of, 0);
        List<KeyChange> wanted = writes.at(revision).stream()
                .filter(change -> watcher.spec.wants(change.kv()))
                .toList();
        int next = 0;
        for (WatchEvent event : of) {
            int found = next;
            while (found < wanted.size() && !wanted.get(found).kv().equals(event.kv())) {
                found++;
            }
            require(
                    found < wanted.size(),
                    event.kv() + " is not, or not there, in what revision " + revision + " did: " + wanted,
                    told);
            leftOut(wanted.subList(next, found), told);
            former(watcher, event, wanted.get(found), told);
            next = found + 1;
        }
        leftOut(wanted.subList(next, wanted.size()), told);
        require(
                writes.invoked(revision) <= told.at(),
                "told of revision " + revision + " before anybody asked for it",
                told);
    }

    private void leftOut(List<KeyChange> changes, WatchRecord.Events told) {
        for (KeyChange change : changes) {
            require(!writes.isCertain(change), "left out " + change.kv(), told);
        }
    }

    /** What a key was before is missing only where it was not, or where it may be compacted. */
    private void former(Watcher watcher, WatchEvent event, KeyChange change, WatchRecord.Events told) {
        Kv former = event.prevKv();
        Kv expected = writes.formerOf(change);
        long since = Math.min(since(former), since(expected));
        if (former == null && expected == null
                || !writes.isCertain(since, change.kv().modRevision() - 1)) {
            return;
        }
        if (former != null) {
            require(former.equals(expected), "before it was " + expected + ", not " + former, told);
        } else if (watcher.spec.prevKv() && expected != null) {
            require(
                    change.kv().modRevision() - 1 < writes.compactedAtMost(told.at()),
                    "without the previous value " + expected,
                    told);
        }
    }

    private static long since(@Nullable Kv kv) {
        return kv == null ? Long.MAX_VALUE : kv.modRevision();
    }

    private void progress(Watcher watcher, WatchRecord.Progress progress) {
        long revision = progress.revision();
        require(watcher.pieces.isEmpty(), "progress between the pieces of an answer", progress);
        require(revision >= watcher.lastEvent, "progress before the last event", progress);
        require(revision + 1 >= watcher.spec.startRevision(), "progress before its start", progress);
        missing(watcher, revision + 1, progress);
        watcher.next = Math.max(watcher.next, revision + 1);
    }

    private void missing(Watcher watcher, long before, WatchRecord record) {
        KeyChange missed = writes.firstWanted(watcher.spec, watcher.next, before);
        require(missed == null, "missed " + (missed == null ? "" : missed.kv()), record);
    }

    private void canceled(Watcher watcher, WatchRecord.Canceled canceled) {
        long compacted = canceled.compactRevision();
        require(compacted <= writes.compactedAtMost(canceled.at()), "nobody had asked for this compaction", canceled);
        require(compacted == 0 || watcher.next < compacted, "ended though nothing it wanted was compacted", canceled);
        watcher.canceled = true;
    }

    private static void require(boolean holds, String otherwise, WatchRecord record) {
        if (!holds) {
            throw new HistoryViolation(otherwise + ", in " + record);
        }
    }
}
