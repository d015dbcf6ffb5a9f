package dev.keelson.server.peer;

/** Every bound of the links to the other members. */
final class PeerLimits {

    /** The newest protocol this version speaks, and the oldest it understands. */
    static final int PROTOCOL = 1;

    static final int PROTOCOL_MIN = 1;

    /** Messages that wait for a link, counted as {@link MessageCodec#sizeBytes}; what comes on top is dropped. */
    static final long QUEUE_BYTES_MAX = 32L << 20;

    /** An envelope is closed once it holds this much. */
    static final long ENVELOPE_BYTES = 256L << 10;

    /** Bytes handed to the connection before it says that it has enough for now. */
    static final int STREAM_BUFFER_BYTES = 1 << 20;

    /** Flow control window of a link. */
    static final int WINDOW_BYTES = 4 << 20;

    /**
     * The largest frame: one message beyond the envelope's limit, which may be the proposals that a follower has gathered
     * for its leader.
     */
    static final int FRAME_BYTES_MAX = 256 << 20;

    /** The first wait before a link is tried again; it doubles up to the longest one. */
    static final long RETRY_MILLIS_MIN = 50;

    static final long RETRY_MILLIS_MAX = 1_000;

    /** The wait after a refusal, which no retry will cure soon. */
    static final long RETRY_REFUSED_MILLIS = 5_000;

    /** A link that is not welcome by then is given up and tried again. */
    static final long HANDSHAKE_MILLIS_MAX = 5_000;

    /** Whoever wants to join asks the next member when one has not said by then who the members are. */
    static final long MEMBERS_MILLIS_MAX = 10_000;

    /** Sent bytes that nobody acknowledges break the connection, since heartbeats flow all the time. */
    static final int UNACKNOWLEDGED_MILLIS_MAX = 5_000;

    /** Between two measurements of how long the peer takes to answer. */
    static final long PING_MILLIS = 5_000;

    static final long KEEPALIVE_MILLIS = 10_000;
    static final long KEEPALIVE_TIMEOUT_MILLIS = 5_000;

    /** Little, so that a snapshot never gets ahead of the messages by more than this. */
    static final int SNAPSHOT_BUFFER_BYTES = 512 << 10;

    /** Frames of a snapshot received and not yet written. */
    static final int SNAPSHOT_FRAMES_AHEAD = 4;

    /** A snapshot stream on which nothing moves for so long is given up. */
    static final long SNAPSHOT_STALL_MILLIS_MAX = 30_000;

    /** The receiver verifies and opens what it got before it answers. */
    static final long SNAPSHOT_INSTALL_MILLIS_MAX = 600_000;

    private PeerLimits() {}
}
