package dev.keelson.mvcc.watch;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The events that one round found for one group, and the batches made of them: one for each form that is wanted and each
 * revision to begin at, for all watchers that want it so.
 *
 * <p>Thread rule: the watch worker only.
 */
final class Gathering {

    private static final EventBatch NOTHING = new EventBatch(List.of(), 0, 0, 0);

    private final List<SharedEvent> events = new ArrayList<>();
    private final @Nullable EventBatch[] made = new EventBatch[Watcher.FORMS];
    private int madeFrom;

    /** Whether what the keys were before has to be looked up. */
    private boolean wantsFormer;

    void add(SharedEvent event) {
        events.add(event);
    }

    void expect(Watcher watcher) {
        wantsFormer |= watcher.is(Watcher.PREV_KV);
    }

    boolean wantsFormer() {
        return wantsFormer;
    }

    void clear() {
        events.clear();
        Arrays.fill(made, null);
        madeFrom = 0;
        wantsFormer = false;
    }

    /** What of it the watcher has not been told of and wants to hear; null for nothing. */
    @Nullable
    EventBatch batchFor(Watcher watcher) {
        int from = firstFor(watcher);
        if (from != madeFrom) {
            Arrays.fill(made, null);
            madeFrom = from;
        }
        EventBatch batch = made[watcher.form()];
        if (batch == null) {
            batch = make(from, watcher);
            made[watcher.form()] = batch;
        }
        return batch.size() == 0 ? null : batch;
    }

    private int firstFor(Watcher watcher) {
        int lo = 0;
        // Most have been told of everything before the first event, and need no search.
        int hi = events.isEmpty() || events.getFirst().revision() >= watcher.next() ? 0 : events.size();
        while (lo < hi) {
            int middle = (lo + hi) >>> 1;
            if (events.get(middle).revision() < watcher.next()) {
                lo = middle + 1;
            } else {
                hi = middle;
            }
        }
        return lo;
    }

    private EventBatch make(int from, Watcher watcher) {
        boolean prevKv = watcher.is(Watcher.PREV_KV);
        var encoded = new ArrayList<byte[]>(events.size() - from);
        long first = 0;
        long last = 0;
        long bytes = 0;
        for (SharedEvent event : events.subList(from, events.size())) {
            if (watcher.is(event.isDelete() ? Watcher.NO_DELETE : Watcher.NO_PUT)) {
                continue;
            }
            byte[] field = event.encoded(prevKv);
            encoded.add(field);
            bytes += field.length;
            first = encoded.size() == 1 ? event.revision() : first;
            last = event.revision();
        }
        return encoded.isEmpty() ? NOTHING : new EventBatch(List.copyOf(encoded), first, last, bytes);
    }
}
