package dev.keelson.storage.bolt;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * A page with the pages that belong to it, or one that lies within the value of a bucket; every element of it was
 * checked.
 *
 * <p>Invariants: elements lie behind their table, one behind the other and within the page; keys are not empty and rise.
 */
final class Page {

    private final ByteBuffer bytes;
    private final int count;
    private final boolean leaf;

    private Page(ByteBuffer bytes, int count, boolean leaf) {
        this.bytes = bytes;
        this.count = count;
        this.leaf = leaf;
    }

    /** Says what is wrong with a page. */
    interface Refusal {
        DamagedBoltFileException of(String what);
    }

    /** @param bytes little-endian, the whole page from its header on */
    static Page of(ByteBuffer bytes, Refusal refusal) {
        int flags = bytes.getShort(Layout.FLAGS_AT) & 0xffff;
        if (flags != Layout.LEAF_PAGE && flags != Layout.BRANCH_PAGE) {
            throw refusal.of("it is neither leaf nor branch, its flags are 0x" + Integer.toHexString(flags));
        }
        int count = bytes.getShort(Layout.COUNT_AT) & 0xffff;
        var page = new Page(bytes, count, flags == Layout.LEAF_PAGE);
        page.check(refusal);
        return page;
    }

    private void check(Refusal refusal) {
        long free = Layout.PAGE_HEADER_BYTES + (long) count * Layout.ELEMENT_BYTES;
        if (free > bytes.limit()) {
            throw refusal.of(count + " elements do not fit");
        }
        if (!leaf && count == 0) {
            throw refusal.of("it is a branch without children");
        }
        for (int i = 0; i < count; i++) {
            long start = elementAt(i) + Integer.toUnsignedLong(bytes.getInt(positionAt(i)));
            long key = keyBytes(i);
            long end = start + key + valueBytes(i);
            if (start < free || end > bytes.limit()) {
                throw refusal.of("element " + i + " lies at [" + start + ", " + end + "), outside of [" + free + ", "
                        + bytes.limit() + ")");
            }
            if (key == 0) {
                throw refusal.of("element " + i + " has no key");
            }
            if (leaf && (bytes.getInt(elementAt(i)) & ~Layout.BUCKET_ELEMENT) != 0) {
                throw refusal.of("element " + i + " has unknown flags");
            }
            if (i > 0 && compareKeys(i - 1, i) >= 0) {
                throw refusal.of("the key of element " + i + " does not follow the one before it");
            }
            free = end;
        }
    }

    private int compareKeys(int one, int other) {
        return Arrays.compareUnsigned(
                bytes.array(),
                start(one),
                start(one) + (int) keyBytes(one),
                bytes.array(),
                start(other),
                start(other) + (int) keyBytes(other));
    }

    private static int elementAt(int element) {
        return Layout.PAGE_HEADER_BYTES + element * Layout.ELEMENT_BYTES;
    }

    /** A leaf's element has its flags first. */
    private int positionAt(int element) {
        return elementAt(element) + (leaf ? Integer.BYTES : 0);
    }

    private int start(int element) {
        return elementAt(element) + bytes.getInt(positionAt(element));
    }

    private long keyBytes(int element) {
        return Integer.toUnsignedLong(bytes.getInt(positionAt(element) + Integer.BYTES));
    }

    private long valueBytes(int element) {
        return leaf ? Integer.toUnsignedLong(bytes.getInt(positionAt(element) + 2 * Integer.BYTES)) : 0;
    }

    boolean isLeaf() {
        return leaf;
    }

    int count() {
        return count;
    }

    byte[] key(int element) {
        int start = start(element);
        return Arrays.copyOfRange(bytes.array(), start, start + (int) keyBytes(element));
    }

    /** Of a leaf. */
    byte[] value(int element) {
        int start = start(element) + (int) keyBytes(element);
        return Arrays.copyOfRange(bytes.array(), start, start + (int) valueBytes(element));
    }

    /** Of a leaf. */
    boolean isBucket(int element) {
        return (bytes.getInt(elementAt(element)) & Layout.BUCKET_ELEMENT) != 0;
    }

    /** Of a branch. */
    long child(int element) {
        return bytes.getLong(elementAt(element) + 2 * Integer.BYTES);
    }
}
