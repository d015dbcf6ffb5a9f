package dev.keelson.sim.check;

import dev.keelson.sim.check.Response.Kv;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.ObjLongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * What watchers were told of each revision, which no two may have been told differently. It says which write of unknown
 * outcome, or which end of a lease, made a revision that no answer owns.
 *
 * <p>Thread rule: one thread.
 */
final class Witnesses {

    private static final class Testimony {
        private Kv[] kvs;
        private long at;

        Testimony(Kv kv, long at) {
            this.kvs = new Kv[] {kv};
            this.at = at;
        }

        @Nullable
        Kv like(Kv told) {
            for (Kv kv : kvs) {
                if (kv.key().equals(told.key()) && kv.isDeletion() == told.isDeletion()) {
                    return kv;
                }
            }
            return null;
        }
    }

    private final Map<Long, Testimony> testimonies = new HashMap<>();
    private long highest;

    void accept(Kv kv, long at) {
        Testimony testimony = testimonies.get(kv.modRevision());
        if (testimony == null) {
            testimonies.put(kv.modRevision(), new Testimony(kv, at));
            highest = Math.max(highest, kv.modRevision());
            return;
        }
        testimony.at = Math.min(testimony.at, at);
        Kv known = testimony.like(kv);
        if (known == null) {
            testimony.kvs = Arrays.copyOf(testimony.kvs, testimony.kvs.length + 1);
            testimony.kvs[testimony.kvs.length - 1] = kv;
        } else if (!known.equals(kv)) {
            throw new HistoryViolation("watchers were told differently: " + known + " and " + kv);
        }
    }

    /** The highest revision of which anybody was told; 0 if nobody was. */
    long highest() {
        return highest;
    }

    /** Keys as the revision left them, not necessarily all that it changed. */
    List<Kv> told(long revision) {
        Testimony testimony = testimonies.get(revision);
        return testimony == null ? List.of() : Arrays.asList(testimony.kvs);
    }

    /** Tells of each revision when it was first told of. */
    void forEachFirst(ObjLongConsumer<Long> to) {
        testimonies.forEach((revision, testimony) -> to.accept(revision, testimony.at));
    }

    /** Tells all keys. */
    void forEach(Consumer<Kv> to) {
        testimonies.values().forEach(testimony -> Arrays.asList(testimony.kvs).forEach(to));
    }
}
