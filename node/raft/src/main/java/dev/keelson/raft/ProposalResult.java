package dev.keelson.raft;

/** What became of a proposal at the core's door. */
public enum ProposalResult {
    /** Appended here, or forwarded to the leader; neither means that it will be committed. */
    ACCEPTED,
    /** No leader is known. */
    NO_LEADER,
    /** The uncommitted part of the log has reached its limit. */
    TOO_MANY,
    /** Leadership is being handed over. */
    TRANSFERRING,
    /** Another membership change is not applied yet. */
    CONF_CHANGE_PENDING
}
