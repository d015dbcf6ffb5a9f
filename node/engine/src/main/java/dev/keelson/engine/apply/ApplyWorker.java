package dev.keelson.engine.apply;

import dev.keelson.engine.EngineProbe;
import dev.keelson.engine.NodeLimits;
import dev.keelson.engine.StoreGate;
import dev.keelson.engine.Turn;
import dev.keelson.engine.Worker;
import dev.keelson.engine.auth.Auth;
import dev.keelson.engine.consensus.Proposal;
import dev.keelson.engine.consensus.ProposalQueue;
import dev.keelson.engine.maintenance.Alarms;
import dev.keelson.engine.maintenance.Downgrade;
import dev.keelson.engine.membership.MemberChange;
import dev.keelson.engine.membership.Membership;
import dev.keelson.mvcc.Event;
import dev.keelson.mvcc.MvccStore;
import dev.keelson.mvcc.ReadView;
import dev.keelson.mvcc.StoreBatch;
import dev.keelson.mvcc.StoreException;
import dev.keelson.raft.Invariant;
import dev.keelson.raft.confchange.ConfChange;
import dev.keelson.raft.log.Entry;
import dev.keelson.raft.log.EntryType;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Applies committed entries in the order of the log, many in one atomic write of the store, and answers whoever waits.
 *
 * <p>Invariants:
 *
 * <ul>
 *   <li>Every entry is applied once, at its index: the applied point goes into the same write as the effects.
 *   <li>Entries of every kind move the applied point (etcd #14429: one that did not kept a member from starting).
 *   <li>An answer leaves after the write that holds the effect is visible to reads.
 * </ul>
 *
 * <p>Thread rule: {@link #submit} and {@link #applied} from any thread; all else on the apply worker.
 */
public final class ApplyWorker {

    private final Queue<List<Entry>> committed = new ConcurrentLinkedQueue<>();
    private final ArrayDeque<Entry> waiting = new ArrayDeque<>();
    private final List<Outcome> outcomes = new ArrayList<>();
    private final List<LeaseChange> leaseChanges = new ArrayList<>();
    private final StoreGate gate;
    private final Auth auth;
    private final ProposalQueue proposals;
    private final Listener listener;
    private final EngineProbe probe;
    private final Turn turn;
    private final Worker worker;
    private Membership membership;
    private volatile Alarms alarms;
    private volatile Downgrade downgrade;
    private volatile AppliedPoint applied;
    private boolean paused;
    private boolean failed;

    /** What follows from applied entries; called on the apply worker. */
    public interface Listener {

        /** One write has brought the store to {@code revision} by these changes; nobody has been answered for it yet. */
        void changed(long revision, List<Event> events);

        /** The store contains everything through {@code point}. */
        void applied(AppliedPoint point);

        /** These leases came or went, in this order; told before whoever asked for it is answered. */
        void leasesChanged(List<LeaseChange> changes);

        /** A membership change took effect; {@link ConfChange#NONE} when it was refused. */
        void confChanged(ConfChange change);

        /** Applying failed in a way that leaves the state unknown: the node must end. */
        void failed(Throwable cause);
    }

    /** What to tell whom once the batch is written. */
    private record Outcome(
            Proposal<?> proposal,
            @Nullable Object result,
            @Nullable StoreException error) {}

    public ApplyWorker(
            StoreGate gate,
            Membership membership,
            Auth auth,
            ProposalQueue proposals,
            Worker worker,
            Listener listener,
            EngineProbe probe) {
        this.gate = gate;
        this.membership = membership;
        this.auth = auth;
        this.proposals = proposals;
        this.listener = listener;
        this.probe = probe;
        this.worker = worker;
        this.turn = new Turn(worker, this::applyGathered);
        try (var view = gate.store().view()) {
            this.applied = AppliedPoint.decode(view.meta(AppliedPoint.ROW));
            this.alarms = Alarms.load(view);
            this.downgrade = Downgrade.load(view);
        }
    }

    /** Takes over committed entries, each once and in order. */
    public void submit(List<Entry> entries) {
        committed.add(entries);
        turn.request();
    }

    public AppliedPoint applied() {
        return applied;
    }

    public Membership membership() {
        return membership;
    }

    public Alarms alarms() {
        return alarms;
    }

    public Downgrade downgrade() {
        return downgrade;
    }

    /** Declares the space of removed rows given back, between two batches, and runs {@code done} then. */
    public void reclaim(Runnable done) {
        worker.execute(() -> {
            try {
                // A store that is being replaced brings sizes of its own.
                if (!paused && !failed) {
                    StoreBatch batch = gate.store().begin();
                    batch.reclaim();
                    batch.commit();
                }
                done.run();
            } catch (RuntimeException | Error cause) {
                failed = true;
                listener.failed(cause);
            }
        });
    }

    /** Stops before the next batch, so that the store can be replaced. */
    public void pause() {
        paused = true;
    }

    /**
     * The store that will take the place of the former: who reads it once the door is open is judged by its users and roles.
     */
    public void prepare(MvccStore replacement) {
        try (ReadView view = replacement.view()) {
            auth.replaced(view);
        }
    }

    /** Goes on with the store that took the place of the former; its applied point counts from now on. */
    public void resume(Consumer<Membership> loaded) {
        try (var view = gate.store().view()) {
            applied = AppliedPoint.decode(view.meta(AppliedPoint.ROW));
            membership = Membership.load(view);
            alarms = Alarms.load(view);
            downgrade = Downgrade.load(view);
        }
        loaded.accept(membership);
        // Entries the snapshot already contains may still be queued from before it arrived.
        waiting.clear();
        committed.clear();
        paused = false;
        turn.request();
    }

    private void applyGathered() {
        try {
            while (!paused && !failed && gather()) {
                applyBatch();
            }
        } catch (RuntimeException | Error cause) {
            failed = true;
            listener.failed(cause);
        }
    }

    private boolean gather() {
        for (List<Entry> entries = committed.poll(); entries != null; entries = committed.poll()) {
            waiting.addAll(entries);
        }
        return !waiting.isEmpty();
    }

    private void applyBatch() {
        long termBefore = applied.term();
        var changes = new ArrayList<ConfChange>(0);
        StoreBatch batch = gate.store().begin();
        var applier = new Applier(membership, auth, alarms, downgrade, leaseChanges::add);
        Entry last = null;
        for (long bytes = 0; bytes < NodeLimits.APPLY_BATCH_BYTES_MAX && !waiting.isEmpty(); ) {
            Entry entry = waiting.poll();
            long expected = last == null ? applied.index() + 1 : last.index() + 1;
            Invariant.check(entry.index() == expected, () -> "applying " + entry + " instead of index " + expected);
            apply(applier, batch, entry, changes);
            bytes += entry.sizeBytes();
            last = entry;
        }
        var point = new AppliedPoint(Objects.requireNonNull(last).index(), last.term());
        batch.putMeta(AppliedPoint.ROW, point.encode());
        batch.commit();
        applied = point;
        changes.forEach(listener::confChanged);
        tellLeaseChanges();
        // Before the answers: who has been answered and then asks for progress is told of his write.
        if (!batch.events().isEmpty()) {
            listener.changed(batch.revision(), batch.events());
        }
        answer();
        if (point.term() > termBefore) {
            proposals.failBefore(point.term());
        }
        listener.applied(point);
    }

    private void apply(Applier applier, StoreBatch batch, Entry entry, List<ConfChange> changes) {
        if (entry.type() == EntryType.CONF_CHANGE) {
            changes.add(applyChange(batch, ConfChange.decode(entry.payload())));
            return;
        }
        if (entry.payload().length == 0) {
            return;
        }
        Proposal<?> proposal = proposals.take(CommandCodec.requestId(entry.payload()));
        Command command = CommandCodec.decode(entry.payload());
        long began = probe.begin();
        try {
            applier.check(batch, CommandCodec.caller(entry.payload()), command);
            Object result = applier.apply(batch, command, new AppliedPoint(entry.index(), entry.term()));
            probe.applied(command, result, began);
            if (proposal != null) {
                outcomes.add(new Outcome(proposal, result, null));
            }
        } catch (StoreException refused) {
            probe.applied(command, null, began);
            if (proposal != null) {
                outcomes.add(new Outcome(proposal, null, refused));
            }
        }
    }

    /** The answer is the membership after the change. */
    private ConfChange applyChange(StoreBatch batch, ConfChange change) {
        Proposal<?> proposal = proposals.take(MemberChange.requestId(change));
        try {
            ConfChange effect = membership.apply(batch, change);
            if (proposal != null) {
                outcomes.add(new Outcome(proposal, membership.all(), null));
            }
            return effect;
        } catch (StoreException refused) {
            if (proposal != null) {
                outcomes.add(new Outcome(proposal, null, refused));
            }
            return ConfChange.NONE;
        }
    }

    private void tellLeaseChanges() {
        if (!leaseChanges.isEmpty()) {
            listener.leasesChanged(List.copyOf(leaseChanges));
            leaseChanges.clear();
        }
    }

    private void answer() {
        for (Outcome outcome : outcomes) {
            if (outcome.error() != null) {
                outcome.proposal().fail(outcome.error());
            } else {
                outcome.proposal().succeed(Objects.requireNonNull(outcome.result()));
            }
        }
        outcomes.clear();
    }
}
