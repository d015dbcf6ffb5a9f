package dev.keelson.mvcc.backend;

/**
 * A position in the ordered rows of one family, within the bounds it was opened with.
 *
 * <p>A new cursor stands on its first row, if there is one. {@link #key} and {@link #value} may only be called while
 * {@link #isValid}; the arrays they return are the caller's to keep and not shared. They are read when they are asked
 * for, so that whoever only counts pays for neither.
 *
 * <p>Thread rule: one thread at a time. Must be closed before the reader it came from.
 */
public interface Cursor extends AutoCloseable {

    boolean isValid();

    /** Moves to the next row in the cursor's direction. */
    void next();

    byte[] key();

    byte[] value();

    @Override
    void close();
}
