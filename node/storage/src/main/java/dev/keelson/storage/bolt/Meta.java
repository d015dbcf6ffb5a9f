package dev.keelson.storage.bolt;

import java.nio.ByteBuffer;

/**
 * What the first two pages of a file say, each on its own: the newer one that is whole counts.
 *
 * @param pageBytes size of a page
 * @param root root page of the bucket that holds all others
 * @param freelist page of the list of free pages, or {@link Layout#NO_FREELIST}
 * @param highWater the first page that was never used
 * @param transaction higher in the newer one
 */
record Meta(int pageBytes, long root, long freelist, long highWater, long transaction) {

    /** Bytes of the body, behind the header of its page. */
    static final int BYTES = 64;

    private static final int MAGIC = 0xED0CDAED;
    private static final int VERSION = 2;
    private static final int SUMMED_BYTES = 56;
    private static final int PAGE_BYTES_MIN = 512;
    private static final int PAGE_BYTES_MAX = 1 << 20;
    private static final long FNV_OFFSET = 0xcbf29ce484222325L;
    private static final long FNV_PRIME = 0x100000001b3L;

    /** What was found where a meta should be: the meta, or why it is none. */
    sealed interface Found {

        record Whole(Meta meta) implements Found {}

        record Unsound(String why) implements Found {}
    }

    /** @param in little-endian, standing at the body */
    static Found read(ByteBuffer in) {
        int at = in.position();
        if (in.remaining() < BYTES) {
            return new Found.Unsound("it ends within the meta page");
        }
        int magic = in.getInt(at);
        if (magic != MAGIC) {
            return new Found.Unsound("it has the magic number " + Integer.toHexString(magic)
                    + " where a file of bbolt has " + Integer.toHexString(MAGIC));
        }
        int version = in.getInt(at + 4);
        if (version != VERSION) {
            return new Found.Unsound("it has version " + version + ", only version " + VERSION + " is known");
        }
        if (in.getLong(at + SUMMED_BYTES) != checksum(in, at)) {
            return new Found.Unsound("the checksum of the meta page does not match");
        }
        int pageBytes = in.getInt(at + 8);
        if (pageBytes < PAGE_BYTES_MIN || pageBytes > PAGE_BYTES_MAX || Integer.bitCount(pageBytes) != 1) {
            return new Found.Unsound("pages of " + pageBytes + " bytes are not known");
        }
        return new Found.Whole(new Meta(
                pageBytes, in.getLong(at + 16), in.getLong(at + 32), in.getLong(at + 40), in.getLong(at + 48)));
    }

    /** @param out little-endian, standing where the body begins */
    void write(ByteBuffer out) {
        int at = out.position();
        out.putInt(MAGIC)
                .putInt(VERSION)
                .putInt(pageBytes)
                .putInt(0)
                .putLong(root)
                .putLong(0)
                .putLong(freelist)
                .putLong(highWater)
                .putLong(transaction);
        out.putLong(checksum(out, at));
    }

    /** Sizes that a page may have, for a file whose first page does not say. */
    static int[] pageSizes() {
        int first = Integer.numberOfTrailingZeros(PAGE_BYTES_MIN);
        int last = Integer.numberOfTrailingZeros(PAGE_BYTES_MAX);
        return java.util.stream.IntStream.rangeClosed(first, last)
                .map(power -> 1 << power)
                .toArray();
    }

    private static long checksum(ByteBuffer bytes, int at) {
        long hash = FNV_OFFSET;
        for (int i = at; i < at + SUMMED_BYTES; i++) {
            hash = (hash ^ (bytes.get(i) & 0xff)) * FNV_PRIME;
        }
        return hash;
    }
}
