package dev.keelson.raft.message;

import dev.keelson.raft.log.Entry;
import dev.keelson.raft.log.SnapshotMetadata;
import java.util.List;

/** What members say to each other; every message carries the sender's term, a pre-vote the term it would like to have. */
public sealed interface Message {

    long from();

    long to();

    long term();

    /** Would you vote for me in {@code term}? Changes nobody's term (thesis 9.6). */
    record PreVoteRequest(long from, long to, long term, long lastIndex, long lastTerm) implements Message {}

    /** @param commit with a refusal: an entry that the sender knows to be committed, by its index and its term */
    record PreVoteResponse(long from, long to, long term, boolean granted, long commit, long commitTerm)
            implements Message {}

    /** @param transfer the leader asked for this election, its lease does not stand in the way */
    record VoteRequest(long from, long to, long term, long lastIndex, long lastTerm, boolean transfer)
            implements Message {}

    /** @param commit as in {@link PreVoteResponse} */
    record VoteResponse(long from, long to, long term, boolean granted, long commit, long commitTerm)
            implements Message {}

    record AppendRequest(long from, long to, long term, long prevIndex, long prevTerm, List<Entry> entries, long commit)
            implements Message {}

    /**
     * @param index the last index that agrees, or the rejected previous index
     * @param hintIndex when rejected: where the follower's log may agree with a log of {@code hintTerm}
     */
    record AppendResponse(long from, long to, long term, long index, boolean rejected, long hintIndex, long hintTerm)
            implements Message {}

    record Heartbeat(long from, long to, long term, long commit, long readNonce) implements Message {}

    record HeartbeatResponse(long from, long to, long term, long readNonce) implements Message {}

    /** The follower needs the store itself; metadata is filled in by whoever freezes it. */
    record InstallSnapshot(long from, long to, long term, SnapshotMetadata metadata) implements Message {}

    /** Campaign now (thesis 3.10). */
    record TimeoutNow(long from, long to, long term) implements Message {}

    /** Entries for the leader to append; term and index of them are not set yet. */
    record Propose(long from, long to, long term, List<Entry> entries) implements Message {}

    record ReadIndexRequest(long from, long to, long term, long requestId) implements Message {}

    record ReadIndexResponse(long from, long to, long term, long requestId, long index) implements Message {}

    record TransferLeader(long from, long to, long term, long target) implements Message {}
}
