package dev.keelson.mvcc.backend;

import org.jspecify.annotations.Nullable;

/** Read access to one consistent state of all families. */
public interface Reader {

    /** The value of the row, or null when there is none. */
    byte @Nullable [] get(Family family, byte[] key);

    /**
     * The rows of {@code [lo, hi)} in ascending order.
     *
     * @param hi the exclusive end, or null for the end of the family
     */
    Cursor ascend(Family family, byte[] lo, byte @Nullable [] hi);

    /** The rows of {@code [lo, hi)} in descending order; {@code hi} as in {@link #ascend}. */
    Cursor descend(Family family, byte[] lo, byte @Nullable [] hi);
}
