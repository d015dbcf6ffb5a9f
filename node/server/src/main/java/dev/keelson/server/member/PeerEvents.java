package dev.keelson.server.member;

import dev.keelson.server.metrics.PeerMetrics;
import dev.keelson.server.peer.PeerListener;
import dev.keelson.server.peer.Refusal;
import java.util.function.BooleanSupplier;
import java.util.function.LongConsumer;

/**
 * Turns what the links say into log lines, and into the end of a member that its peers know otherwise.
 *
 * <p>A member whose data directory was emptied or replaced has forgotten its vote and what it acknowledged; it must not go
 * on under its id.
 */
final class PeerEvents implements PeerListener {

    private final MemberEvents events;
    private final BooleanSupplier serving;
    private final LongConsumer unreachable;
    private final Runnable removed;
    private final MemberFigures figures;

    /** @param removed told when this member, which serves, was removed from the cluster */
    PeerEvents(
            MemberEvents events,
            BooleanSupplier serving,
            LongConsumer unreachable,
            Runnable removed,
            MemberFigures figures) {
        this.events = events;
        this.serving = serving;
        this.unreachable = unreachable;
        this.removed = removed;
        this.figures = figures;
    }

    @Override
    public PeerMetrics.Peer figures(long peer) {
        return figures.peers().of(peer);
    }

    @Override
    public void snapshotDelivered(long peer) {
        events.info("sent database snapshot", "to", Long.toHexString(peer));
    }

    @Override
    public void snapshotTaken(long began, long written) {
        figures.disk().snapshotTaken(began, written);
    }

    @Override
    public void connected(long peer) {
        figures(peer).connected();
        events.info("peer became active", "peer-id", Long.toHexString(peer));
    }

    @Override
    public void lost(long peer, String reason) {
        figures(peer).disconnected();
        events.warn("peer became inactive", "peer-id", Long.toHexString(peer), "error", reason);
    }

    @Override
    public void unreached(long peer, String reason) {
        events.warn("cannot reach a peer", "peer-id", Long.toHexString(peer), "error", reason);
    }

    @Override
    public void snapshotFailed(long peer, String reason) {
        events.warn("snapshot was not delivered", "peer-id", Long.toHexString(peer), "error", reason);
    }

    @Override
    public void unreachable(long peer) {
        unreachable.accept(peer);
    }

    @Override
    public void refusedBy(long peer, Refusal refusal) {
        switch (refusal.reason()) {
            case REPLACED_SENDER -> end(peer, refusal);
            case REMOVED_SENDER -> {
                // One that serves may still owe somebody an answer, the one who asked for its removal among them.
                if (serving.getAsBoolean()) {
                    warnRefused(peer, refusal);
                    removed.run();
                } else {
                    end(peer, refusal);
                }
            }
            case OTHER_CLUSTER -> {
                // Fatal for a member that was given another cluster's peers. One that serves belongs to its cluster,
                // and a peer's address that by now leads elsewhere must not stop it.
                if (serving.getAsBoolean()) {
                    warnRefused(peer, refusal);
                } else {
                    end(peer, refusal);
                }
            }
            case OTHER_MEMBER, REPLACED_RECEIVER, UNKNOWN_PROTOCOL, BUSY, MALFORMED -> warnRefused(peer, refusal);
        }
    }

    private void end(long peer, Refusal refusal) {
        events.fatal(refusal.detail(), refused(peer, "by", refusal));
    }

    private void warnRefused(long peer, Refusal refusal) {
        events.warn("refused by a peer", "peer-id", Long.toHexString(peer), "reason", refusal.detail());
    }

    @Override
    public void refused(long peer, Refusal refusal) {
        if (refusal.reason() == Refusal.Reason.REPLACED_RECEIVER) {
            events.fatal(refusal.detail(), refused(peer, "of", refusal));
        } else {
            events.warn("refused a peer", "peer-id", Long.toHexString(peer), "reason", refusal.detail());
        }
    }

    private static IllegalStateException refused(long peer, String preposition, Refusal refusal) {
        return new IllegalStateException(
                "refusal " + preposition + " peer " + Long.toHexString(peer) + ": " + refusal.reason());
    }
}
