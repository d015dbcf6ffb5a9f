package dev.keelson.engine;

/** Every bound of a node's queues, batches and waits; what exceeds one is refused or waits, never piles up. */
public final class NodeLimits {

    /** Proposals that wait for the consensus loop, in requests. */
    public static final int PROPOSALS_MAX = 16 * 1024;

    /** Payload bytes of the proposals that wait for the consensus loop. */
    public static final long PROPOSAL_BYTES_MAX = 128L << 20;

    /** Committed entries not yet applied, beyond which writes are refused as too many requests (etcd: 5,000). */
    public static final long APPLY_GAP_MAX = 5_000;

    /** Linearizable reads that wait for a read index or for the store to catch up with it, in requests. */
    public static final int WAITING_READS_MAX = 64 * 1024;

    /** Messages from peers that wait for the consensus loop; more are dropped, as a network may. */
    public static final int INBOX_MAX = 16 * 1024;

    /** Payload bytes of the entries of one atomic write to the store. */
    public static final long APPLY_BATCH_BYTES_MAX = 1L << 20;

    /** Log bytes after the durable applied index that force a flush: bounds the replay at a restart. */
    public static final long REPLAY_BYTES_MAX = 8L << 20;

    /** Ticks after which an unanswered read index is asked for again, under a new id (etcd: 500 ms). */
    public static final int READ_INDEX_RETRY_TICKS = 5;

    /** Rows that one unit of compaction work looks at, so that other work gets its turn between two. */
    public static final int COMPACTION_ROWS_MAX = 1_000;

    /** The longest a lease may live without a renewal, in seconds (as etcd). */
    public static final long LEASE_TTL_SECONDS_MAX = 9_000_000_000L;

    /** Leases that are due and whose end one tick proposes (etcd: 1,000 a second). */
    public static final int LEASE_EXPIRIES_PER_TICK_MAX = 100;

    /** Ends of leases proposed and not decided yet. */
    public static final int LEASE_EXPIRIES_IN_FLIGHT_MAX = 500;

    /** The part of a lease's life after which what is left of it is noted down for the next leader (as etcd). */
    public static final long LEASE_CHECKPOINT_MILLIS = 5 * 60 * 1_000L;

    /** Leases of which one proposal notes down what is left of them (etcd: 1,000); there is one such proposal a tick. */
    public static final int LEASE_CHECKPOINT_MAX = 1_000;

    /** Leases that a new leader reads between two batches of entries. */
    public static final int LEASES_LOADED_AT_ONCE = 500;

    /** Questions to the leader that wait for an answer, in requests. */
    public static final int LEADER_QUESTIONS_MAX = 64 * 1024;

    /** Ticks after which an unanswered question is put to the leader again. */
    public static final int LEADER_QUESTION_RETRY_TICKS = 10;

    /** Questions to single members that wait for an answer, in requests. */
    public static final int PEER_QUESTIONS_MAX = 1_000;

    /** Ticks without a way to a member after which a question to it is given up. */
    public static final int PEER_UNREACHABLE_TICKS = 30;

    /** Between two looks at the versions of the members while the cluster's is to change (as etcd). */
    public static final long VERSION_CHECK_MILLIS = 4_000;

    /** Ticks after which a change of the membership that has not come out of the log is proposed again. */
    public static final int MEMBER_CHANGE_RETRY_TICKS = 5;

    /** Requests for a change of the membership that wait for their turn at a time. */
    public static final int MEMBER_CHANGES_MAX = 1_000;

    /** Decided changes of the membership that are remembered, so that a doubled one has no effect. */
    public static final int MEMBER_CHANGES_REMEMBERED = 64;

    /** How long a member has to have been connected to count as healthy (as etcd). */
    public static final long HEALTHY_AFTER_MILLIS = 5_000;

    /** Bytes of the changes that wait for the watch worker; what comes beyond is read from the history instead. */
    public static final long PUBLICATION_BYTES_MAX = 32L << 20;

    /** Requests and changes that the watch worker takes before it lets those who lag catch up by a slice. */
    public static final int WATCH_POSTS_MAX = 256;

    private NodeLimits() {}
}
