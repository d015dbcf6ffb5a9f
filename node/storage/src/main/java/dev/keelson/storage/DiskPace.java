package dev.keelson.storage;

import org.rocksdb.Env;
import org.rocksdb.RateLimiter;
import org.rocksdb.RocksDBException;
import org.rocksdb.SstFileManager;

/**
 * How fast RocksDB may write: as it likes, except while tables are rewritten; and how fast it gives space back: little by
 * little.
 *
 * <p>Nobody waits for a rewriting, but at full speed it fills the queue of the disk, and the log's syncs stand in it behind
 * the tables. It gets {@link #REWRITING_BYTES_PER_SECOND} then, on top of twice what the writers beside it were seen to
 * need: flushes and compactions share the limit, and held back they would hold the writers back in the end.
 *
 * <p>A table of 64 MiB that is removed in one piece stops all syncs for 20 to 60 ms where the disk is told of freed blocks
 * (mounted with {@code discard}); shortened by {@link #GIVEN_BACK_AT_ONCE_BYTES} at a time, it
 * is no longer to be told from other writes.
 *
 * <p>Thread rule: the thread that rewrites.
 */
final class DiskPace implements AutoCloseable {

    private static final long REWRITING_BYTES_PER_SECOND = 32L << 20;
    private static final long UNLIMITED_BYTES_PER_SECOND = 64L << 30;

    /** What may be written at once is the limit times this; the larger it is, the longer a sync may have to wait. */
    private static final long REFILL_MICROS = 20_000;

    private static final double NANOS_PER_SECOND = 1e9;

    private static final long GIVEN_BACK_BYTES_PER_SECOND = 64L << 20;
    private static final long GIVEN_BACK_AT_ONCE_BYTES = 4L << 20;

    /** While more than this share of the store waits to be given back, it is given back at once. */
    private static final double WAITING_SHARE_MAX = 0.5;

    private final RateLimiter limiter = new RateLimiter(UNLIMITED_BYTES_PER_SECOND, REFILL_MICROS);

    private final SstFileManager removal = removal();

    private static SstFileManager removal() {
        try {
            return new SstFileManager(
                    Env.getDefault(), null, GIVEN_BACK_BYTES_PER_SECOND, WAITING_SHARE_MAX, GIVEN_BACK_AT_ONCE_BYTES);
        } catch (RocksDBException cause) {
            throw new IllegalStateException("what removes files is made without touching any", cause);
        }
    }

    RateLimiter limiter() {
        return limiter;
    }

    SstFileManager fileRemoval() {
        return removal;
    }

    /** A moment, to tell what is written from it on. */
    record Mark(long bytes, long nanos) {}

    Mark mark() {
        return new Mark(limiter.getTotalBytesThrough(), System.nanoTime());
    }

    /** Holds all writing to what a rewriting may take beside as much as there was since {@code mark}. */
    void limit(Mark mark) {
        Mark now = mark();
        double needed = (now.bytes - mark.bytes) / Math.max((now.nanos - mark.nanos) / NANOS_PER_SECOND, 1e-3);
        limiter.setBytesPerSecond(REWRITING_BYTES_PER_SECOND + 2 * (long) needed);
    }

    void lift() {
        limiter.setBytesPerSecond(UNLIMITED_BYTES_PER_SECOND);
    }

    @Override
    public void close() {
        removal.close();
        limiter.close();
    }
}
