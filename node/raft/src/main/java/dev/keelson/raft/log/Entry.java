package dev.keelson.raft.log;

import java.util.Arrays;
import java.util.Objects;

/**
 * One record of the replicated log.
 *
 * <p>The payload is shared, not copied: whoever holds an entry must not write to it.
 *
 * @param term the term in which a leader created the entry, at least 1
 * @param index its position in the log, the first is 1
 * @param type how to read the payload
 * @param payload the command, empty for the entry a new leader commits first
 */
public record Entry(long term, long index, EntryType type, byte[] payload) {

    /** What an entry costs in a window or a cache beyond its payload, in bytes. */
    public static final int OVERHEAD_BYTES = 32;

    public Entry {
        Objects.requireNonNull(type);
        Objects.requireNonNull(payload);
    }

    /** Size that limits count, in bytes: payload plus {@link #OVERHEAD_BYTES}. */
    public int sizeBytes() {
        return payload.length + OVERHEAD_BYTES;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Entry that
                && term == that.term
                && index == that.index
                && type == that.type
                && Arrays.equals(payload, that.payload);
    }

    @Override
    public int hashCode() {
        return Objects.hash(term, index, type, Arrays.hashCode(payload));
    }

    @Override
    public String toString() {
        return term + "/" + index + " " + type + " " + payload.length + "B";
    }
}
