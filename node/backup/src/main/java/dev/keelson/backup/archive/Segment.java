package dev.keelson.backup.archive;

import dev.keelson.backup.full.BackupRefusedException;
import dev.keelson.backup.store.Digests;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Arrays;
import java.util.TreeMap;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.InflaterInputStream;

/**
 * The changes of some seconds, whole in memory.
 *
 * <p>Its form: a header, the changes deflated, and a SHA-256 over all of it, which the next segment repeats.
 *
 * @param body the changes, as {@link SegmentBody} writes them
 */
public record Segment(SegmentHeader header, byte[] body) {

    /** Bytes of a segment, packed or not, that anybody would read; a transaction of etcd's takes a thousandth of it. */
    static final int BYTES_MAX = 512 << 20;

    private static final long MAGIC = 0x4b45454c53454731L;
    private static final int SUM_BYTES = 32;

    /** The segment as it goes to a store, before it is sealed. */
    public byte[] encode() {
        try {
            var bytes = new ByteArrayOutputStream(body.length / 2 + (1 << 10));
            var out = new DataOutputStream(bytes);
            out.writeLong(MAGIC);
            out.writeLong(header.chain().cluster());
            out.writeUTF(header.chain().backup());
            out.writeUTF(header.chain().run());
            out.writeLong(header.sequence());
            out.writeLong(header.lo());
            out.writeLong(header.hi());
            out.writeLong(header.term());
            out.writeLong(header.end().toEpochMilli());
            out.write(header.previous());
            out.writeInt(header.leases().size());
            for (var lease : new TreeMap<>(header.leases()).entrySet()) {
                out.writeLong(lease.getKey());
                out.writeLong(lease.getValue());
            }
            out.writeInt(body.length);
            var deflater = new Deflater(Deflater.BEST_SPEED);
            try (var packed = new DeflaterOutputStream(out, deflater)) {
                packed.write(body);
            } finally {
                deflater.end();
            }
            bytes.write(Digests.sha256().digest(bytes.toByteArray()));
            return bytes.toByteArray();
        } catch (IOException cause) {
            throw new UncheckedIOException(cause);
        }
    }

    /** What the segment behind it knows it by. */
    static byte[] sum(byte[] encoded) {
        return Arrays.copyOfRange(encoded, encoded.length - SUM_BYTES, encoded.length);
    }

    /**
     * Reads a segment.
     *
     * @throws BackupRefusedException when it is none, was changed, or is another one than its name says
     */
    static Segment decode(SegmentName name, byte[] encoded) {
        int end = encoded.length - SUM_BYTES;
        MessageDigest digest = Digests.sha256();
        digest.update(encoded, 0, Math.max(end, 0));
        if (end < 0 || !Arrays.equals(digest.digest(), sum(encoded))) {
            throw refused(name, "it was changed or cut off: its SHA-256 does not match");
        }
        try {
            var in = new DataInputStream(new ByteArrayInputStream(encoded, 0, end));
            if (in.readLong() != MAGIC) {
                throw refused(name, "it is none, or of a version that is unknown here");
            }
            SegmentHeader header = readHeader(in);
            requireNamed(name, header);
            byte[] body = new byte[Math.min(in.readInt(), BYTES_MAX)];
            try (var unpacked = new DataInputStream(new InflaterInputStream(in))) {
                unpacked.readFully(body);
                if (unpacked.read() >= 0) {
                    throw refused(name, "it holds more than it says");
                }
            }
            return new Segment(header, body);
        } catch (IOException | NegativeArraySizeException malformed) {
            throw new BackupRefusedException("segment " + name.object() + " is refused: " + malformed, malformed);
        }
    }

    private static SegmentHeader readHeader(DataInputStream in) throws IOException {
        var chain = new ChainId(in.readLong(), in.readUTF(), in.readUTF());
        long sequence = in.readLong();
        long lo = in.readLong();
        long hi = in.readLong();
        long term = in.readLong();
        Instant end = Instant.ofEpochMilli(in.readLong());
        byte[] previous = in.readNBytes(SUM_BYTES);
        var leases = new TreeMap<Long, Long>();
        int count = in.readInt();
        for (int i = 0; i < count; i++) {
            leases.put(in.readLong(), in.readLong());
        }
        return new SegmentHeader(chain, sequence, lo, hi, term, end, previous, leases);
    }

    private static void requireNamed(SegmentName name, SegmentHeader header) {
        boolean same = name.chain().equals(header.chain())
                && name.sequence() == header.sequence()
                && name.lo() == header.lo()
                && name.hi() == header.hi()
                && name.end().equals(header.end());
        if (!same) {
            throw refused(
                    name,
                    "it is another one: segment " + header.sequence() + " of " + header.chain() + ", revisions ["
                            + header.lo() + ", " + header.hi() + ")");
        }
    }

    static BackupRefusedException refused(SegmentName name, String what) {
        return new BackupRefusedException("segment " + name.object() + " is refused: " + what);
    }
}
