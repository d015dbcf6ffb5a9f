package dev.keelson.engine.auth;

import dev.keelson.mvcc.KeyRange;
import java.util.Arrays;

/**
 * What a role may do with a range of keys.
 *
 * @param rangeEnd exclusive end; empty for the single key, one zero byte for "from the key on"
 */
public record Permission(Kind kind, byte[] key, byte[] rangeEnd) {

    /** In the order of etcd's numbers. */
    public enum Kind {
        READ,
        WRITE,
        READWRITE;

        boolean reads() {
            return this != WRITE;
        }

        boolean writes() {
            return this != READ;
        }
    }

    private static final byte[] NOTHING = {};
    private static final byte[] OPEN = {0};

    /** What root may do, as it is shown; root itself is never compared with it. */
    static final Permission OF_ROOT = new Permission(Kind.READWRITE, NOTHING, OPEN);

    /** Whether it names any key: etcd once stored ranges that end before they begin (etcd #15619). */
    boolean isSound() {
        return key.length > 0 && !KeyRange.of(key, rangeEnd).isEmpty();
    }

    boolean isOf(byte[] otherKey, byte[] otherRangeEnd) {
        return Arrays.equals(key, otherKey) && Arrays.equals(rangeEnd, otherRangeEnd);
    }
}
