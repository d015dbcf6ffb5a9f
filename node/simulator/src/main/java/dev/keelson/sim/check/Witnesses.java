package dev.keelson.sim.check;

import dev.keelson.sim.check.Response.Kv;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.ObjLongConsumer;

/**
 * What watchers were told of each revision, which no two may have been told differently. It says which write of unknown
 * outcome, or which end of a lease, made a revision that no answer owns.
 *
 * <p>Thread rule: one thread.
 */
final class Witnesses {

    /** Two changes of one revision in the order in which a watcher was told of them, with none between. */
    record Succession(Kv earlier, Kv later) {}

    private static final class Testimony {
        private WatchEvent[] events;
        private List<Succession> order = List.of();
        private long at;

        Testimony(WatchEvent event, long at) {
            this.events = new WatchEvent[] {event};
            this.at = at;
        }

        void accept(WatchEvent event) {
            for (int i = 0; i < events.length; i++) {
                Kv kv = events[i].kv();
                if (kv.key().equals(event.kv().key())
                        && kv.isDeletion() == event.kv().isDeletion()) {
                    events[i] = together(events[i], event);
                    return;
                }
            }
            events = Arrays.copyOf(events, events.length + 1);
            events[events.length - 1] = event;
        }

        void inOrder(Kv earlier, Kv later) {
            var succession = new Succession(earlier, later);
            if (!order.contains(succession)) {
                order = new ArrayList<>(order);
                order.add(succession);
            }
        }

        private static WatchEvent together(WatchEvent known, WatchEvent told) {
            boolean formerDiffers = known.prevKv() != null
                    && told.prevKv() != null
                    && !known.prevKv().equals(told.prevKv());
            if (!known.kv().equals(told.kv()) || formerDiffers) {
                throw new HistoryViolation("watchers were told differently: " + known + " and " + told);
            }
            return known.prevKv() == null ? told : known;
        }
    }

    private final Map<Long, Testimony> testimonies = new HashMap<>();
    private long highest;

    /** Takes the events of one answer that came at {@code at}. */
    void accept(List<WatchEvent> events, long at) {
        Kv before = null;
        for (WatchEvent event : events) {
            Kv kv = event.kv();
            accept(event, at);
            if (before != null && before.modRevision() == kv.modRevision()) {
                Objects.requireNonNull(testimonies.get(kv.modRevision())).inOrder(before, kv);
            }
            before = kv;
        }
    }

    private void accept(WatchEvent event, long at) {
        long revision = event.kv().modRevision();
        Testimony testimony = testimonies.get(revision);
        if (testimony == null) {
            testimonies.put(revision, new Testimony(event, at));
            highest = Math.max(highest, revision);
            return;
        }
        testimony.at = Math.min(testimony.at, at);
        testimony.accept(event);
    }

    /** The highest revision of which anybody was told; 0 if nobody was. */
    long highest() {
        return highest;
    }

    /** Changes of the revision, not necessarily all. */
    List<WatchEvent> told(long revision) {
        Testimony testimony = testimonies.get(revision);
        return testimony == null ? List.of() : Arrays.asList(testimony.events);
    }

    /** What is known of the order of these changes. */
    List<Succession> order(long revision) {
        Testimony testimony = testimonies.get(revision);
        return testimony == null ? List.of() : testimony.order;
    }

    /** Tells of each revision when it was first told of. */
    void forEachFirst(ObjLongConsumer<Long> to) {
        testimonies.forEach((revision, testimony) -> to.accept(revision, testimony.at));
    }

    /** Tells all keys as they were told to have been put. */
    void forEach(Consumer<Kv> to) {
        for (Testimony testimony : testimonies.values()) {
            for (WatchEvent event : testimony.events) {
                to.accept(event.kv());
                if (event.prevKv() != null) {
                    to.accept(event.prevKv());
                }
            }
        }
    }
}
