package dev.keelson.engine.apply;

import dev.keelson.engine.codec.ByteReader;
import dev.keelson.engine.codec.ByteWriter;
import org.jspecify.annotations.Nullable;

/**
 * The last entry whose effect the store contains, kept in the store itself and written in the same batch as the effect.
 *
 * <p>Were it written apart, a crash between the two would lose an entry or apply it twice (etcd #13766).
 */
public record AppliedPoint(long index, long term) {

    /** The name of its row. */
    public static final String ROW = "applied";

    /** Before the first entry. */
    public static final AppliedPoint NONE = new AppliedPoint(0, 0);

    public byte[] encode() {
        return new ByteWriter(2 * Long.BYTES).fixed(index).fixed(term).toBytes();
    }

    public static AppliedPoint decode(byte @Nullable [] row) {
        if (row == null) {
            return NONE;
        }
        var in = new ByteReader(row);
        return new AppliedPoint(in.fixed(), in.fixed());
    }
}
