package dev.keelson.storage.bolt;

import dev.keelson.storage.bolt.PageOutput.Element;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes the tree of one bucket from its leaves up: a page is written when the next element does not fit, and its first
 * key goes to the page above. One page of each level is in memory.
 *
 * <p>Thread rule: one thread.
 */
final class TreeWriter {

    /** A bucket up to this size lies in the value of its name, as with bbolt. */
    private static final int INLINE_BYTES_MAX = PageOutput.PAGE_BYTES / 4;

    private static final byte[] NOTHING = {};

    private final PageOutput out;
    private final List<Level> levels = new ArrayList<>();
    private byte @Nullable [] lastKey;

    /** The page that is being filled. */
    private static final class Level {
        private final List<Element> elements = new ArrayList<>();
        private int bytes = Layout.PAGE_HEADER_BYTES;
    }

    TreeWriter(PageOutput out) {
        this.out = out;
        levels.add(new Level());
    }

    /** Adds an element to the leaves; keys must rise. */
    void add(int flags, byte[] key, byte[] value) throws IOException {
        byte[] last = lastKey;
        if (key.length == 0 || last != null && Arrays.compareUnsigned(last, key) >= 0) {
            throw new IllegalArgumentException("keys must not be empty and must rise");
        }
        lastKey = key;
        add(0, new Element(flags, key, value, 0));
    }

    private void add(int depth, Element element) throws IOException {
        Level level = levels.get(depth);
        if (level.bytes + element.bytes() > PageOutput.PAGE_BYTES && !level.elements.isEmpty()) {
            write(depth);
        }
        level.elements.add(element);
        level.bytes = Math.addExact(level.bytes, element.bytes());
    }

    private void write(int depth) throws IOException {
        Level level = levels.get(depth);
        if (depth + 1 == levels.size()) {
            levels.add(new Level());
        }
        add(depth + 1, new Element(0, level.elements.getFirst().key(), NOTHING, writePage(depth)));
    }

    private long writePage(int depth) throws IOException {
        Level level = levels.get(depth);
        long id = out.write(depth == 0, level.elements, level.bytes);
        level.elements.clear();
        level.bytes = Layout.PAGE_HEADER_BYTES;
        return id;
    }

    /** Writes what is left; returns the root page. */
    long finish() throws IOException {
        for (int depth = 0; depth + 1 < levels.size(); depth++) {
            write(depth);
        }
        return writePage(levels.size() - 1);
    }

    /** Writes what is left, unless all of it is small; returns the value that the bucket has in its parent. */
    byte[] finishBucket() throws IOException {
        Level leaf = levels.getFirst();
        boolean inline = levels.size() == 1 && leaf.bytes <= INLINE_BYTES_MAX;
        int bytes = Layout.BUCKET_HEADER_BYTES + (inline ? leaf.bytes : 0);
        ByteBuffer value = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
        value.putLong(inline ? 0 : finish()).putLong(0);
        if (inline) {
            PageOutput.encode(value, 0, true, leaf.elements);
        }
        return value.array();
    }
}
