package dev.keelson.raft.progress;

import dev.keelson.raft.Invariant;

/**
 * What a leader knows of one member's log.
 *
 * <pre>
 *            answer agrees                     log was cut below next
 *   PROBE ────────────────────▶ REPLICATE ──────────────────────┐
 *     ▲  ◀──────────────────────   │ rejected, unreachable      │
 *     │                            └──▶ PROBE                   ▼
 *     └──────────────── delivered or failed ──────────────── SNAPSHOT ──▶ REPLICATE when match connects
 * </pre>
 *
 * <p>Invariants: {@code match < next}; {@code match} never falls within one leadership; nothing is sent while paused.
 */
public final class Progress {

    private final Inflights inflights;
    private ProgressState state = ProgressState.PROBE;
    private long match;
    private long next;
    private long sentCommit;
    private long readNonce;
    private boolean paused;
    private boolean recentlyActive;

    public Progress(long next, Inflights inflights) {
        Invariant.check(next > 0, "next is at least 1");
        this.next = next;
        this.inflights = inflights;
    }

    public ProgressState state() {
        return state;
    }

    /** The last index at which the member's log is known to agree with the leader's, durable there. */
    public long match() {
        return match;
    }

    /** The index of the next entry to send. */
    public long next() {
        return next;
    }

    public boolean isRecentlyActive() {
        return recentlyActive;
    }

    public void setRecentlyActive(boolean heardFrom) {
        recentlyActive = heardFrom;
    }

    /** Whether nothing may be sent until an answer comes. */
    public boolean isPaused() {
        return switch (state) {
            case PROBE, REPLICATE -> paused;
            case SNAPSHOT -> true;
        };
    }

    /** Whether the next append may carry entries; a full window only lets an empty one through, as a sign of life. */
    public boolean hasRoom() {
        return state != ProgressState.REPLICATE || !inflights.isFull();
    }

    /** Whether the member has entries of which it has not been told that they are committed. */
    public boolean lacksCommit(long commit) {
        return Math.min(commit, next - 1) > sentCommit;
    }

    public void becomeProbe() {
        reset(ProgressState.PROBE, match + 1);
    }

    public void becomeReplicate() {
        reset(ProgressState.REPLICATE, match + 1);
    }

    public void becomeSnapshot() {
        Invariant.check(state != ProgressState.SNAPSHOT, "one snapshot at a time");
        reset(ProgressState.SNAPSHOT, match + 1);
    }

    /**
     * The snapshot is with the member, or failed to get there; the next probe waits for a sign of life.
     *
     * <p>After delivery the probe asks at the log's beginning, where the member connects if it took the snapshot: only
     * its refusal makes the leader send another, not a lost answer.
     */
    public void snapshotFinished(boolean delivered, long firstIndex) {
        if (state == ProgressState.SNAPSHOT) {
            reset(ProgressState.PROBE, delivered ? Math.max(match + 1, firstIndex) : match + 1);
            paused = true;
        }
    }

    private void reset(ProgressState newState, long newNext) {
        state = newState;
        next = newNext;
        paused = false;
        sentCommit = Math.min(sentCommit, newNext - 1);
        inflights.clear();
    }

    /** An append of {@code entries} entries from {@code next} on was sent. */
    public void sent(int entries, long bytes, long commit) {
        Invariant.check(state != ProgressState.SNAPSHOT, "no append while a snapshot is pending");
        if (state == ProgressState.PROBE) {
            paused = true;
        } else {
            if (entries > 0) {
                next += entries;
                inflights.add(next - 1, bytes);
            }
            paused = inflights.isFull();
            sentCommit = Math.max(sentCommit, Math.min(commit, next - 1));
        }
    }

    /** The member has everything through {@code index}; false when that is old news. */
    public boolean acknowledged(long index) {
        boolean news = index > match;
        if (news) {
            match = index;
            next = Math.max(next, index + 1);
            paused = false;
        }
        if (state == ProgressState.PROBE && index == match) {
            becomeReplicate();
            return true;
        }
        inflights.freeTo(index);
        return news;
    }

    /** Leaves SNAPSHOT when the member's log connects to one that begins at {@code firstIndex}. */
    public void connectTo(long firstIndex) {
        if (state == ProgressState.SNAPSHOT && match + 1 >= firstIndex) {
            becomeReplicate();
        }
    }

    /**
     * The member refused an append after {@code rejected}, and may agree at {@code hint}.
     *
     * @return false when that is old news: answers come late and twice
     */
    public boolean rejected(long rejected, long hint) {
        switch (state) {
            case REPLICATE -> {
                if (rejected <= match) {
                    return false;
                }
                becomeProbe();
                return true;
            }
            case PROBE -> {
                if (next - 1 != rejected) {
                    return false;
                }
                next = Math.max(Math.min(rejected, hint + 1), match + 1);
                paused = false;
                return true;
            }
            case SNAPSHOT -> {
                return false;
            }
        }
        throw new IllegalStateException();
    }

    /** Nothing more until the member gives a sign of life. */
    public void pause() {
        paused = true;
    }

    /** The member is alive: a probe or a full window may try once more, what it waits for may be lost. */
    public void heartbeatAnswered() {
        paused = false;
    }

    /** The member answered the heartbeat with this nonce; false when it had answered a later one. */
    public boolean answeredRead(long nonce) {
        boolean news = nonce > readNonce;
        readNonce = Math.max(readNonce, nonce);
        return news;
    }

    public long readNonce() {
        return readNonce;
    }
}
