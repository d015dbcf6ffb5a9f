package dev.keelson.raft.log;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The write side of the log: what the driver of the consensus core does with the entries of a {@code Ready}.
 *
 * <p>Nothing is durable before {@link #sync} returns. A failed sync leaves it unknown what reached the disk, so every
 * call after it fails too and the process has to end.
 *
 * <p>Thread rule: all methods declared here on one thread, but for {@link #bytesAfter}; that and the reads of
 * {@link LogStorage} may run beside it.
 */
public interface DurableLog extends LogStorage, AutoCloseable {

    /** The last hard state that was appended; {@link HardState#EMPTY} for a new log. */
    HardState hardState();

    /** The point before the first entry; {@link SnapshotMetadata#NONE} for a log that was never cut. */
    SnapshotMetadata start();

    /** Writes without syncing; entries at or below {@link #lastIndex} replace what stood from there on. */
    void append(@Nullable HardState hardState, List<Entry> entries);

    /** Makes everything appended so far durable. */
    void sync();

    /** Drops every entry and starts after {@code metadata.index()}; durable when it returns. */
    void reset(SnapshotMetadata metadata, HardState hardState);

    /** Gives up entries at or below {@code upTo.index()} where whole files can go; never more than that. */
    void cut(SnapshotMetadata upTo);

    /** Bytes of the entries after {@code index}. */
    long bytesAfter(long index);

    @Override
    void close();
}
