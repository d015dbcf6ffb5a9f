package dev.keelson.engine.maintenance;

import dev.keelson.engine.Reply;
import dev.keelson.engine.SnapshotStore;
import dev.keelson.engine.StoreGate;
import dev.keelson.engine.apply.ApplyWorker;
import dev.keelson.engine.apply.CompactionRunner;
import dev.keelson.mvcc.StoreError;
import dev.keelson.mvcc.StoreException;
import java.util.ArrayList;
import java.util.List;

/**
 * Gives the space of removed rows back, beside everything else: first what compactions have ordered is removed, then the
 * files are rewritten without it, then the store's size is counted anew.
 *
 * <p>One at a time; who asks meanwhile is served by the next one, since the one under way may have passed what he removed.
 *
 * <p>Thread rule: any thread; nothing blocks.
 */
final class Defragmentation {

    private final Parts parts;
    private List<Reply<Long>> waiting = new ArrayList<>();
    private boolean underWay;

    /** The parts of a node this class works on. */
    record Parts(SnapshotStore files, ApplyWorker apply, StoreGate gate, CompactionRunner compactions) {}

    Defragmentation(Parts parts) {
        this.parts = parts;
    }

    /** The reply carries the size of the store thereafter. */
    void begin(Reply<Long> reply) {
        synchronized (this) {
            waiting.add(reply);
            if (underWay) {
                return;
            }
            underWay = true;
        }
        next();
    }

    private void next() {
        List<Reply<Long>> served;
        synchronized (this) {
            served = waiting;
            waiting = new ArrayList<>();
            underWay = !served.isEmpty();
        }
        if (served.isEmpty()) {
            return;
        }
        long ordered = parts.gate().store().compactRevision();
        parts.compactions().whenFinished(ordered, () -> parts.files().reclaim(done -> ended(served, done)));
    }

    private void ended(List<Reply<Long>> served, boolean done) {
        if (done) {
            parts.apply().reclaim(() -> {
                served.forEach(reply -> reply.succeed(parts.gate().store().sizeBytes()));
                next();
            });
        } else {
            served.forEach(reply -> reply.fail(new StoreException(StoreError.DEFRAGMENTATION_FAILED)));
            next();
        }
    }
}
