package dev.keelson.storage.bolt;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * The elements of one bucket in the order of their keys; stands before the first at the beginning.
 *
 * <p>Keys must rise from page to page too, and those of a page lie between the two keys of its parent.
 *
 * <p>Thread rule: one thread.
 */
public final class BoltCursor {

    private static final int INLINE = 0;

    private final BoltFile file;
    private final BitSet reached;
    private final Deque<Level> levels = new ArrayDeque<>();
    private byte @Nullable [] key;

    /** A page on the way down. */
    private static final class Level {
        private final long id;
        private final Page page;
        private final byte @Nullable [] hi;
        private int element = -1;

        Level(long id, Page page, byte @Nullable [] hi) {
            this.id = id;
            this.page = page;
            this.hi = hi;
        }

        /** The key that those of the present child stay below. */
        byte @Nullable [] childHi() {
            return element + 1 < page.count() ? page.key(element + 1) : hi;
        }
    }

    /** @param inline the root page of a bucket that has none of its own */
    BoltCursor(BoltFile file, long root, @Nullable Page inline, BitSet reached) {
        this.file = file;
        this.reached = reached;
        levels.push(new Level(root, inline == null ? file.readPage(root, reached) : inline, null));
    }

    /**
     * Moves to the next element; false when there is none.
     *
     * @throws DamagedBoltFileException when the file is damaged on the way
     */
    public boolean next() {
        while (!levels.isEmpty()) {
            Level level = levels.element();
            level.element++;
            if (level.element == level.page.count()) {
                levels.pop();
            } else if (level.page.isLeaf()) {
                key = level.page.key(level.element);
                return true;
            } else {
                descend(level);
            }
        }
        return false;
    }

    private void descend(Level level) {
        long id = level.page.child(level.element);
        Page page = file.readPage(id, reached);
        byte[] lo = level.page.key(level.element);
        byte[] hi = level.childHi();
        if (page.count() == 0) {
            throw file.refused(id, "it is empty below a branch");
        }
        boolean fits = Arrays.compareUnsigned(page.key(0), lo) >= 0
                && (hi == null || Arrays.compareUnsigned(page.key(page.count() - 1), hi) < 0);
        if (!fits) {
            throw file.refused(id, "its keys are not those that its parent page " + level.id + " says");
        }
        levels.push(new Level(id, page, hi));
    }

    /** Of the present element. */
    public byte[] key() {
        return java.util.Objects.requireNonNull(key);
    }

    /** Of the present element, which is no bucket. */
    public byte[] value() {
        Level level = levels.element();
        return level.page.value(level.element);
    }

    public boolean isBucket() {
        Level level = levels.element();
        return level.page.isBucket(level.element);
    }

    /** The bucket that the present element is. */
    public BoltCursor bucket() {
        long holder = levels.element().id;
        byte[] value = value();
        if (value.length < Layout.BUCKET_HEADER_BYTES) {
            throw file.refused(holder, "a bucket of it has " + value.length + " bytes");
        }
        ByteBuffer bytes = ByteBuffer.wrap(value).order(ByteOrder.LITTLE_ENDIAN);
        long root = bytes.getLong(0);
        if (root != INLINE) {
            return new BoltCursor(file, root, null, reached);
        }
        if (value.length < Layout.BUCKET_HEADER_BYTES + Layout.PAGE_HEADER_BYTES) {
            throw file.refused(holder, "a bucket within it has " + value.length + " bytes");
        }
        byte[] inline = Arrays.copyOfRange(value, Layout.BUCKET_HEADER_BYTES, value.length);
        Page page = Page.of(
                ByteBuffer.wrap(inline).order(ByteOrder.LITTLE_ENDIAN),
                what -> file.refused(holder, "in a bucket within it, " + what));
        if (!page.isLeaf()) {
            throw file.refused(holder, "a bucket within it is no leaf");
        }
        return new BoltCursor(file, holder, page, reached);
    }
}
