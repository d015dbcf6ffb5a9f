package dev.keelson.log;

/**
 * How a record lies in a segment file, all numbers little-endian:
 *
 * <pre>
 *  0  4  CRC-32C of the bytes from 4 to the end of the padding, combined with the salt of the place
 *  4  4  length of the payload
 *  8  8  term
 * 16  8  index
 * 24  8  tag: bit 63 last record of its batch, bits 56-62 type, bits 0-55 the position known to be durable
 * 32     payload, then zeros up to a multiple of 8
 * </pre>
 *
 * <p>The salt is a hash of the log's id, the segment's sequence number and the offset in the file. A block that a disk
 * wrote or read at the wrong place, or one that survived from an earlier file, therefore fails the checksum although it
 * was once written whole.
 *
 * <p>A <em>position</em> is an offset in the log seen as one endless file: the segment's base plus the offset in it.
 */
final class RecordFormat {

    static final int HEADER_BYTES = 32;
    static final int ALIGNMENT = 8;

    static final int LENGTH_AT = 4;
    static final int TERM_AT = 8;
    static final int INDEX_AT = 16;
    static final int TAG_AT = 24;

    /** Positions fit in 56 bits: 64 PiB of log. */
    static final long POSITION_MASK = (1L << 56) - 1;

    private static final int TYPE_SHIFT = 56;
    private static final int TYPE_MASK = 0x7f;
    private static final long END_OF_BATCH = 1L << 63;

    private RecordFormat() {}

    /** Bytes on disk of a record with a payload of {@code length} bytes. */
    static long size(int length) {
        return (HEADER_BYTES + (long) length + ALIGNMENT - 1) & -ALIGNMENT;
    }

    static long tag(RecordType type, boolean endOfBatch, long synced) {
        return (endOfBatch ? END_OF_BATCH : 0) | (long) type.code() << TYPE_SHIFT | synced;
    }

    static int typeCode(long tag) {
        return (int) (tag >>> TYPE_SHIFT) & TYPE_MASK;
    }

    static boolean endOfBatch(long tag) {
        return tag < 0;
    }

    static long synced(long tag) {
        return tag & POSITION_MASK;
    }

    /** The part of the salt that all records of a segment share. */
    static long segmentSalt(long logId, long sequence) {
        return mix(logId + mix(sequence));
    }

    static int salt(long segmentSalt, long offset) {
        return (int) mix(segmentSalt + offset);
    }

    /** The finalizer of MurmurHash3: every bit of the result depends on every bit of {@code bits}. */
    private static long mix(long bits) {
        long mixed = (bits ^ bits >>> 33) * 0xff51afd7ed558ccdL;
        mixed = (mixed ^ mixed >>> 33) * 0xc4ceb9fe1a85ec53L;
        return mixed ^ mixed >>> 33;
    }
}
