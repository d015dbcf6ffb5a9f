package dev.keelson.mvcc.key;

/** Protobuf's numbers of variable length: seven bits a byte, the lowest first; negative ones take ten bytes. */
final class Varint {

    private static final int BITS = 7;
    private static final int MORE = 0x80;

    private Varint() {}

    static int size(long value) {
        return (Long.SIZE - Long.numberOfLeadingZeros(value | 1) + BITS - 1) / BITS;
    }

    /** Returns the offset behind the number. */
    static int put(byte[] bytes, int offset, long value) {
        int at = offset;
        long rest = value;
        while ((rest & ~(MORE - 1L)) != 0) {
            bytes[at++] = (byte) (rest | MORE);
            rest >>>= BITS;
        }
        bytes[at++] = (byte) rest;
        return at;
    }

    /** Reads one number after the other. */
    static final class Source {

        private final byte[] bytes;
        private int offset;

        Source(byte[] bytes) {
            this.bytes = bytes;
        }

        int offset() {
            return offset;
        }

        boolean hasMore() {
            return offset < bytes.length;
        }

        long next() {
            long value = 0;
            int shift = 0;
            while (true) {
                byte read = bytes[offset++];
                value |= (long) (read & (MORE - 1)) << shift;
                if (read >= 0) {
                    return value;
                }
                shift += BITS;
            }
        }

        byte[] nextBytes() {
            int length = Math.toIntExact(next());
            byte[] read = new byte[length];
            System.arraycopy(bytes, offset, read, 0, length);
            offset += length;
            return read;
        }
    }
}
