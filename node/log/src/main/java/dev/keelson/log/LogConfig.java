package dev.keelson.log;

/**
 * The limits of a log, and which log it is.
 *
 * @param logId whose log this is; a directory or a block of another log is refused by it
 * @param segmentBytes a segment that has reached this size gets a successor
 * @param preallocateBytes how far ahead of the end a segment is filled with zeros, so that a sync need not change sizes
 * @param cacheBytes the most bytes of recent entries kept in memory, counted by {@code Entry.sizeBytes}
 * @param bufferBytes size of the buffer that gathers a batch into one write, and of the one that reads
 */
public record LogConfig(long logId, long segmentBytes, long preallocateBytes, long cacheBytes, int bufferBytes) {

    static final int BUFFER_BYTES_MIN = 4096;

    public LogConfig {
        if (segmentBytes < 1 || preallocateBytes < 1 || cacheBytes < 0 || bufferBytes < BUFFER_BYTES_MIN) {
            throw new IllegalArgumentException("log limits must be positive and bufferBytes at least "
                    + BUFFER_BYTES_MIN + ", were: segmentBytes " + segmentBytes + ", preallocateBytes "
                    + preallocateBytes + ", cacheBytes " + cacheBytes + ", bufferBytes " + bufferBytes);
        }
    }

    /** The limits of a member in production. */
    public static LogConfig defaults(long logId) {
        return new LogConfig(logId, 64L << 20, 4L << 20, 32L << 20, 1 << 20);
    }
}
