package dev.keelson.raft.log;

import java.util.List;

/**
 * Read-only port of the consensus core to the entries that are in stable storage or on their way there.
 *
 * <p>The index ladder {@code firstIndex <= lastIndex + 1} always holds; the entry before the first, at
 * {@code firstIndex - 1}, is known by its term only (it is where the last snapshot ends). The core never writes here:
 * what is to be stored leaves it in a {@code Ready}, and the driver reports back what became durable.
 *
 * <p>Thread rule: the core calls from its own thread only; an implementation that is written from another thread must
 * make appended entries visible here no later than it reports them durable.
 */
public interface LogStorage {

    /** The first index whose entry can be read; 1 for a log that was never cut. */
    long firstIndex();

    /** The last index that was appended; {@code firstIndex() - 1} when there are no entries. */
    long lastIndex();

    /**
     * The term of the entry at {@code index}, or {@link #TERM_COMPACTED} below {@code firstIndex - 1}, or
     * {@link #TERM_UNAVAILABLE} above {@code lastIndex}.
     */
    long term(long index);

    /**
     * Entries of {@code [lo, hi)} in order: at least one, then as many as fit in {@code bytesMax} counted by
     * {@link Entry#sizeBytes}.
     *
     * @throws IndexOutOfBoundsException when {@code lo < firstIndex} (it was compacted) or {@code hi > lastIndex + 1}
     */
    List<Entry> entries(long lo, long hi, long bytesMax);

    /** Answer of {@link #term} for an index that was cut away. */
    long TERM_COMPACTED = -1;

    /** Answer of {@link #term} for an index that was not appended yet. */
    long TERM_UNAVAILABLE = -2;
}
