package dev.keelson.mvcc.watch;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A client that knows what really happened and holds every answer against etcd's nine guarantees for watches: filtered,
 * ordered, unique, atomic, reliable, resumable, bookmarkable, with the right former values and the right creations.
 */
final class CheckedClient implements WatchSink {

    private final Truth truth;
    private final LongSupplier compactRevision;
    private final Map<Long, Expectation> watchers = new HashMap<>();
    private final List<WatchRequest> asked = new ArrayList<>();
    int room;
    int answers;
    int compactions;
    int notices;
    private boolean closed;

    /** What one watcher is still to hear. */
    private static final class Expectation {

        final WatchRequest request;
        final long start;
        int next;
        long promised;

        Expectation(WatchRequest request, long start) {
            this.request = request;
            this.start = start;
        }
    }

    CheckedClient(Truth truth, LongSupplier compactRevision) {
        this.truth = truth;
        this.compactRevision = compactRevision;
    }

    /** The next answer to a creation is for this request. */
    void asks(WatchRequest request) {
        asked.add(request);
    }

    void closes() {
        closed = true;
    }

    List<Long> ids() {
        return List.copyOf(watchers.keySet());
    }

    /** All that happened must have been heard by now, by everybody. */
    void assertComplete() {
        watchers.forEach((id, watcher) -> {
            Truth.Change missing = nextOf(watcher);
            check(missing == null, "watcher " + id + " never heard of " + missing);
        });
    }

    /** Whether a question about progress has to be answered when everybody is in step. */
    boolean mayHearOfProgress() {
        return !watchers.isEmpty()
                && watchers.values().stream().allMatch(watcher -> watcher.request.startRevision() <= truth.revision);
    }

    @Override
    public boolean hasRoom() {
        return room > 0;
    }

    @Override
    public void created(long watchId, long revision) {
        checkOpen();
        WatchRequest request = asked.removeFirst();
        long start = request.startRevision() == 0 ? revision + 1 : request.startRevision();
        check(watchers.put(watchId, new Expectation(request, start)) == null, "id " + watchId + " is in use");
    }

    @Override
    public void refused(String reason, long revision) {
        throw new AssertionError("refused: " + reason);
    }

    @Override
    public void events(long watchId, EventList events, long revision) {
        checkOpen();
        check(room-- > 0, "events without room");
        answers++;
        Expectation watcher = watcher(watchId);
        for (byte[] field : events.encoded()) {
            String told = EventText.of(field);
            Truth.Change expected = nextOf(watcher);
            if (expected == null) {
                throw new AssertionError("told of " + told + ", but all was told");
            }
            boolean mayLackFormer = !told.contains("[") && expected.revision() - 1 < compactRevision.getAsLong();
            String text = watcher.request.prevKv() && !mayLackFormer ? expected.withFormer() : expected.text();
            check(told.equals(text), "told of " + told + " instead of " + text + " to " + watchId);
            watcher.next++;
        }
        promise(watchId, watcher, Math.max(events.lastRevision(), revision));
    }

    @Override
    public void progress(long watchId, long revision) {
        checkOpen();
        notices++;
        if (watchId != -1) {
            promise(watchId, watcher(watchId), revision);
            return;
        }
        check(!watchers.isEmpty(), "progress of nobody");
        watchers.forEach((id, watcher) -> promise(id, watcher, revision));
    }

    /** All up to the revision has been told, and no promise is taken back. */
    private void promise(long id, Expectation watcher, long revision) {
        hasHeard(id, watcher, revision);
        check(revision >= watcher.promised, id + " was promised " + watcher.promised + " and now " + revision);
        check(revision >= watcher.request.startRevision(), id + " hears of " + revision + " before its start");
        watcher.promised = revision;
    }

    private void hasHeard(long id, Expectation watcher, long revision) {
        Truth.Change missing = nextOf(watcher);
        check(
                missing == null || missing.revision() > revision,
                id + " told through " + revision + " but not " + missing);
        check(revision <= truth.revision, id + " was promised " + revision + ", which is to come");
    }

    @Override
    public void canceled(long watchId, long revision) {
        checkOpen();
        hasHeard(watchId, watcher(watchId), revision);
        watchers.remove(watchId);
    }

    @Override
    public void compacted(long watchId, long compactRevision) {
        checkOpen();
        compactions++;
        Expectation watcher = watcher(watchId);
        check(watcher.start < compactRevision, "nothing that the watcher wants is compacted");
        check(watcher.promised + 1 < compactRevision, "the watcher has heard of all that is compacted");
        watchers.remove(watchId);
    }

    private Expectation watcher(long id) {
        Expectation found = watchers.get(id);
        if (found == null) {
            throw new AssertionError("an answer to " + id + ", who is not there");
        }
        return found;
    }

    /** What the watcher is to hear next; null when it has heard of all that happened so far. */
    private Truth.@Nullable Change nextOf(Expectation watcher) {
        while (watcher.next < truth.changes.size() && !wants(watcher, truth.changes.get(watcher.next))) {
            watcher.next++;
        }
        return watcher.next == truth.changes.size() ? null : truth.changes.get(watcher.next);
    }

    private static boolean wants(Expectation watcher, Truth.Change change) {
        WatchRequest request = watcher.request;
        String key = new String(request.key(), StandardCharsets.ISO_8859_1);
        String end = new String(request.rangeEnd(), StandardCharsets.ISO_8859_1);
        return change.revision() >= watcher.start
                && Truth.contains(key.isEmpty() ? "\0" : key, end, change.key())
                && !(change.deleted() ? request.noDelete() : request.noPut());
    }

    private void checkOpen() {
        check(!closed, "an answer after the end");
    }

    private static void check(boolean holds, String violation) {
        if (!holds) {
            throw new AssertionError(violation);
        }
    }
}
