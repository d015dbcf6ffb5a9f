package dev.keelson.raft;

/**
 * The settings of a core.
 *
 * @param id this member, never 0
 * @param electionTicks ticks without a leader before an election; the real time-out is drawn from [n, 2n)
 * @param heartbeatTicks ticks between heartbeats, less than {@code electionTicks}
 * @param applied index through which entries are applied already
 * @param appendBytesMax entry bytes of one append message
 * @param inflightMessagesMax append messages on their way to one peer
 * @param inflightBytesMax entry bytes on their way to one peer
 * @param uncommittedBytesMax entry bytes a leader accepts beyond what is committed
 * @param committedBytesMax entry bytes of the committed entries of one Ready
 */
public record RaftConfig(
        long id,
        int electionTicks,
        int heartbeatTicks,
        long applied,
        long appendBytesMax,
        int inflightMessagesMax,
        long inflightBytesMax,
        long uncommittedBytesMax,
        long committedBytesMax) {

    public RaftConfig {
        Invariant.check(id != 0, "a member id is never 0");
        Invariant.check(heartbeatTicks > 0, "heartbeatTicks is at least 1");
        Invariant.check(electionTicks > heartbeatTicks, "electionTicks is more than heartbeatTicks");
        Invariant.check(applied >= 0, "applied is not negative");
        Invariant.check(
                appendBytesMax > 0
                        && inflightMessagesMax > 0
                        && inflightBytesMax > 0
                        && uncommittedBytesMax > 0
                        && committedBytesMax > 0,
                "limits are positive");
    }

    public static RaftConfig defaults(long id) {
        return new RaftConfig(id, 10, 1, 0, 1 << 20, 256, 16 << 20, 64 << 20, 4 << 20);
    }

    public RaftConfig withElectionTicks(int value) {
        return new RaftConfig(
                id,
                value,
                heartbeatTicks,
                applied,
                appendBytesMax,
                inflightMessagesMax,
                inflightBytesMax,
                uncommittedBytesMax,
                committedBytesMax);
    }

    public RaftConfig withHeartbeatTicks(int value) {
        return new RaftConfig(
                id,
                electionTicks,
                value,
                applied,
                appendBytesMax,
                inflightMessagesMax,
                inflightBytesMax,
                uncommittedBytesMax,
                committedBytesMax);
    }

    public RaftConfig withApplied(long value) {
        return new RaftConfig(
                id,
                electionTicks,
                heartbeatTicks,
                value,
                appendBytesMax,
                inflightMessagesMax,
                inflightBytesMax,
                uncommittedBytesMax,
                committedBytesMax);
    }

    public RaftConfig withAppendBytesMax(long value) {
        return new RaftConfig(
                id,
                electionTicks,
                heartbeatTicks,
                applied,
                value,
                inflightMessagesMax,
                inflightBytesMax,
                uncommittedBytesMax,
                committedBytesMax);
    }

    public RaftConfig withInflightMessagesMax(int value) {
        return new RaftConfig(
                id,
                electionTicks,
                heartbeatTicks,
                applied,
                appendBytesMax,
                value,
                inflightBytesMax,
                uncommittedBytesMax,
                committedBytesMax);
    }

    public RaftConfig withInflightBytesMax(long value) {
        return new RaftConfig(
                id,
                electionTicks,
                heartbeatTicks,
                applied,
                appendBytesMax,
                inflightMessagesMax,
                value,
                uncommittedBytesMax,
                committedBytesMax);
    }

    public RaftConfig withUncommittedBytesMax(long value) {
        return new RaftConfig(
                id,
                electionTicks,
                heartbeatTicks,
                applied,
                appendBytesMax,
                inflightMessagesMax,
                inflightBytesMax,
                value,
                committedBytesMax);
    }

    public RaftConfig withCommittedBytesMax(long value) {
        return new RaftConfig(
                id,
                electionTicks,
                heartbeatTicks,
                applied,
                appendBytesMax,
                inflightMessagesMax,
                inflightBytesMax,
                uncommittedBytesMax,
                value);
    }
}
