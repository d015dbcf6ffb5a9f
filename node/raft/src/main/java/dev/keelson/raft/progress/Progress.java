package dev.keelson.raft.progress;

/**
 * What a leader knows of one member's log.
 *
 * <p>PROBE: where the logs agree is not known; one append at a time. REPLICATE: appends are pipelined ahead of their
 * answers within a window. SNAPSHOT: the member needs the store; nothing is sent until its log connects to ours.
 *
 * <p>{@code match < next} always; {@code match} never falls within one leadership.
 */
public final class Progress {

    /** How the member is being brought up to date. */
    public enum State {
        PROBE,
        REPLICATE,
        SNAPSHOT
    }

    private final Inflights inflights;
    private State state = State.PROBE;
    private long match;
    private long next;
    private boolean probeSent;
    private boolean active;

    public Progress(long next, Inflights inflights) {
        this.next = next;
        this.inflights = inflights;
    }

    public State state() {
        return state;
    }

    public long match() {
        return match;
    }

    public long next() {
        return next;
    }

    public boolean isActive() {
        return active;
    }

    public void setActive(boolean heardFrom) {
        active = heardFrom;
    }

    public boolean isPaused() {
        return switch (state) {
            case PROBE -> probeSent;
            case REPLICATE -> inflights.isFull();
            case SNAPSHOT -> true;
        };
    }

    public void becomeProbe() {
        state = State.PROBE;
        next = match + 1;
        probeSent = false;
        inflights.clear();
    }

    public void becomeReplicate() {
        state = State.REPLICATE;
        next = match + 1;
        probeSent = false;
        inflights.clear();
    }

    public void becomeSnapshot() {
        state = State.SNAPSHOT;
        inflights.clear();
    }

    /** An append through {@code lastIndex} was sent; {@code entries} of them. */
    public void sent(long lastIndex, int entries, long bytes) {
        if (state == State.PROBE) {
            probeSent = true;
        } else if (entries > 0) {
            next = lastIndex + 1;
            inflights.add(lastIndex, bytes);
        }
    }

    /** The member has everything through {@code index}; false when that is old news. */
    public boolean acknowledged(long index) {
        probeSent = false;
        inflights.freeTo(index);
        if (index <= match) {
            return false;
        }
        match = index;
        next = Math.max(next, index + 1);
        return true;
    }

    /** The member's log does not have ours at {@code rejected}; false when that is old news. */
    public boolean rejected(long rejected, long hint) {
        if (state == State.REPLICATE) {
            if (rejected <= match) {
                return false;
            }
            becomeProbe();
            return true;
        }
        if (next - 1 != rejected) {
            return false;
        }
        next = Math.max(Math.min(rejected, hint + 1), match + 1);
        probeSent = false;
        return true;
    }

    /** Time passed: a probe or a full window may try again. */
    public void heartbeatAnswered() {
        probeSent = false;
    }
}
