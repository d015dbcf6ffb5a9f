package dev.keelson.engine.maintenance;

import dev.keelson.engine.Reply;
import dev.keelson.engine.maintenance.MaintenanceConfig.AutoCompactionConfig;
import dev.keelson.mvcc.StoreError;
import dev.keelson.mvcc.StoreException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * Compacts the history without being asked, in etcd's rhythm, while this member leads.
 *
 * <p>By time: the revision is noted every tenth of the retention, or of an hour if that is less, also by members that do
 * not lead, so that a new leader can go on; what was current a retention ago is compacted, first after one retention, then
 * once a retention or an hour. By number: every five minutes all but the last so many revisions are compacted.
 *
 * <p>Thread rule: {@link #tick} by one thread.
 */
final class AutoCompaction {

    private static final long HOUR_MILLIS = 60 * 60 * 1_000;
    private static final int NOTES_PER_PERIOD = 10;
    private static final long BY_NUMBER_EVERY_MILLIS = 5 * 60 * 1_000;
    private static final long NEVER = Long.MIN_VALUE;

    private final AutoCompactionConfig config;
    private final Parts parts;
    private final Deque<Long> notes = new ArrayDeque<>();
    private final long noteEveryMillis;
    private long dueAtMillis = NEVER;
    private long waitMillis;
    private volatile long succeededAtMillis = NEVER;
    private volatile long compacted;
    private volatile boolean underWay;

    /**
     * @param revision the store's
     * @param leads whether this member does
     */
    record Parts(LongSupplier revision, BooleanSupplier leads, Compactor compactor) {}

    /** Orders a compaction. */
    interface Compactor {
        void compact(long revision, Reply<Long> reply);
    }

    AutoCompaction(AutoCompactionConfig config, Parts parts) {
        this.config = config;
        this.parts = parts;
        this.noteEveryMillis = config.byTime() ? noteEvery(config.retention()) : BY_NUMBER_EVERY_MILLIS;
        this.waitMillis = config.retention();
    }

    private static long noteEvery(long retention) {
        return Math.max(1, Math.min(retention, HOUR_MILLIS) / NOTES_PER_PERIOD);
    }

    /** Lets time pass until {@code nowMillis}. */
    void tick(long nowMillis) {
        if (config.retention() <= 0) {
            return;
        }
        if (dueAtMillis == NEVER) {
            succeededAtMillis = nowMillis;
            note();
            dueAtMillis = nowMillis + noteEveryMillis;
        }
        if (nowMillis < dueAtMillis) {
            return;
        }
        dueAtMillis = nowMillis + noteEveryMillis;
        if (config.byTime()) {
            compactOld(nowMillis);
            note();
        } else {
            long last = parts.revision().getAsLong() - config.retention();
            if (last > 0 && last != compacted && parts.leads().getAsBoolean()) {
                compact(last, nowMillis);
            }
        }
    }

    private void note() {
        notes.add(parts.revision().getAsLong());
        // With as many notes as fit into the retention, the oldest is as old as that.
        if (notes.size() > config.retention() / noteEveryMillis + 1) {
            notes.remove();
        }
    }

    private void compactOld(long nowMillis) {
        long oldest = notes.element();
        if (!parts.leads().getAsBoolean() || nowMillis - succeededAtMillis < waitMillis || oldest == compacted) {
            return;
        }
        waitMillis = Math.min(config.retention(), HOUR_MILLIS);
        compact(oldest, nowMillis);
    }

    private void compact(long revision, long nowMillis) {
        if (underWay) {
            return;
        }
        underWay = true;
        parts.compactor().compact(revision, new Reply<>() {
            @Override
            public void succeed(Long current) {
                succeededAtMillis = nowMillis;
                compacted = revision;
                underWay = false;
            }

            @Override
            public void fail(StoreException error) {
                if (error.error() == StoreError.COMPACTED) {
                    succeed(revision);
                } else {
                    // It is tried again when the next note is due.
                    underWay = false;
                }
            }
        });
    }
}
