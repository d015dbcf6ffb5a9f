package dev.keelson.server.port;

/**
 * The bounds of a client port.
 *
 * @param requestBytesMax the largest request, in bytes; a frame may be larger by {@link #FRAME_OVERHEAD_BYTES}
 * @param streamsMax calls open at once on one connection
 * @param pingIntervalMillisMin pings of a client that come faster end its connection
 * @param keepAliveMillis silence after which the server pings
 * @param keepAliveTimeoutMillis silence after that ping which ends the connection
 */
public record PortLimits(
        int requestBytesMax,
        int streamsMax,
        long pingIntervalMillisMin,
        long keepAliveMillis,
        long keepAliveTimeoutMillis) {

    /** What a frame may hold beyond the largest request. */
    public static final int FRAME_OVERHEAD_BYTES = 512 * 1024;

    /** Metadata of a call; grpc-java's own 8 KiB is too little for a token with many claims. */
    static final int METADATA_BYTES_MAX = 64 * 1024;

    /** A client that has connected and not shown which protocol it speaks. */
    static final long FIRST_BYTES_MILLIS_MAX = 30_000;

    /** A head of an HTTP/1.1 request that is not whole so long after its first bytes ends the connection. */
    static final long HTTP_HEAD_MILLIS_MAX = 10_000;

    /**
     * Calls that a client may break off on one connection in {@link #RESET_SECONDS}; one that opens and breaks off calls
     * without end costs the server more than itself (CVE-2023-44487). Clients whose calls time out stay far below.
     */
    static final int RESETS_MAX = 10_000;

    static final int RESET_SECONDS = 10;

    /** A gRPC connection without a call for so long is asked to go; a watch is a call. */
    static final long IDLE_MINUTES_MAX = 60;

    /** File descriptors of this process that are for anything but connections of clients. */
    static final long FILES_RESERVED = 1_024;

    /** Silence between two HTTP/1.1 requests, and within one. */
    static final int HTTP_IDLE_SECONDS_MAX = 300;

    /** A body of an HTTP/1.1 request beyond the largest request, since JSON wraps bytes in base64. */
    static final int HTTP_BODY_FACTOR = 2;

    /** Silence after which the system asks whether the peer of an HTTP/1.1 connection is there, and between questions. */
    static final int TCP_PROBE_SECONDS = 15;

    /** Questions without an answer that end the connection. */
    static final int TCP_PROBES_MAX = 9;

    static final int HTTP_LINE_BYTES_MAX = 16 * 1024;
    static final int HTTP_HEADER_BYTES_MAX = 64 * 1024;
    static final int HTTP_CHUNK_BYTES_MAX = 64 * 1024;

    /** The values of etcd's flags when none is given. */
    public static PortLimits defaults() {
        return new PortLimits(1536 * 1024, Integer.MAX_VALUE, 5_000, 2 * 60 * 60 * 1_000L, 20_000);
    }

    /** The largest frame that is read; an answer from this size on is split where that can be. */
    public int frameBytesMax() {
        return Math.addExact(requestBytesMax, FRAME_OVERHEAD_BYTES);
    }

    /** The same as JSON. */
    public int httpBodyBytesMax() {
        return (int) Math.min(Integer.MAX_VALUE, (long) frameBytesMax() * HTTP_BODY_FACTOR);
    }
}
