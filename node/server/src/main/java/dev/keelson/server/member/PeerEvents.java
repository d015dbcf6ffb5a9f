package dev.keelson.server.member;

import dev.keelson.server.peer.PeerListener;
import dev.keelson.server.peer.Refusal;
import java.util.function.LongConsumer;

/**
 * Turns what the links say into log lines, and into the end of a member that its peers know otherwise.
 *
 * <p>A member whose data directory was emptied or replaced has forgotten its vote and what it acknowledged; it must not go
 * on under its id.
 */
final class PeerEvents implements PeerListener {

    private final MemberEvents events;
    private final LongConsumer unreachable;

    PeerEvents(MemberEvents events, LongConsumer unreachable) {
        this.events = events;
        this.unreachable = unreachable;
    }

    @Override
    public void connected(long peer) {
        events.info("peer became active", "peer-id", Long.toHexString(peer));
    }

    @Override
    public void lost(long peer, String reason) {
        events.warn("peer became inactive", "peer-id", Long.toHexString(peer), "error", reason);
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
            case REPLACED_SENDER, REMOVED_SENDER, OTHER_CLUSTER ->
                events.fatal(refusal.detail(), refused(peer, "by", refusal));
            default -> events.warn("refused by a peer", "peer-id", Long.toHexString(peer), "reason", refusal.detail());
        }
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
