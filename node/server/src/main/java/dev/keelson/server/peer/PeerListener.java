package dev.keelson.server.peer;

import dev.keelson.server.metrics.PeerMetrics;

/** What the links tell their surroundings; called on their event loop, must not block. */
public interface PeerListener {

    /** Where is counted what is said with this peer; the same each time. */
    PeerMetrics.Peer figures(long peer);

    /** The peer has welcomed this member: messages flow to it. */
    void connected(long peer);

    /** Messages no longer flow to the peer. */
    void lost(long peer, String reason);

    /** The peer could not be reached for a while, as was said before if it goes on; {@code reason} of the last attempt. */
    void unreached(long peer, String reason);

    /** A snapshot did not get to the peer; it is tried again when the peer still needs one. */
    default void snapshotFailed(long peer, String reason) {
        lost(peer, "snapshot: " + reason);
    }

    /** The peer has taken a snapshot whole. */
    default void snapshotDelivered(long peer) {}

    /** A snapshot came whole: begun at {@code began}, all of it written at {@code written}, verified now. */
    default void snapshotTaken(long began, long written) {}

    /** Something sent to the peer was dropped; the consensus core wants to know. */
    void unreachable(long peer);

    /**
     * A peer does not take this member for what it says it is.
     *
     * <p>{@link Refusal.Reason#REPLACED_SENDER} and {@link Refusal.Reason#REMOVED_SENDER} mean that this member must stop:
     * its data directory was emptied, or it was removed.
     */
    void refusedBy(long peer, Refusal refusal);

    /**
     * This member refused somebody who calls himself {@code peer}.
     *
     * <p>{@link Refusal.Reason#REPLACED_RECEIVER} means that this member must stop: the peer remembers another data
     * directory of it.
     */
    void refused(long peer, Refusal refusal);
}
