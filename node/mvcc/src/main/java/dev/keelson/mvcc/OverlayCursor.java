package dev.keelson.mvcc;

import dev.keelson.mvcc.backend.Cursor;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Map;
import java.util.NavigableMap;
import org.jspecify.annotations.Nullable;

/** Merges the rows of an overlay with those below it: of two with one key the overlay's counts. */
final class OverlayCursor implements Cursor {

    private final Cursor below;
    private final Iterator<Map.Entry<byte[], byte[]>> above;
    private final int direction;
    private Map.@Nullable Entry<byte[], byte[]> own;
    private byte @Nullable [] belowKey;
    private boolean onOwn;

    /** @param direction 1 when both ascend, -1 when both descend */
    OverlayCursor(Cursor below, NavigableMap<byte[], byte[]> above, int direction) {
        this.below = below;
        this.above = above.entrySet().iterator();
        this.direction = direction;
        stepOwn();
        settle();
    }

    /** Finds the row that comes next, past the ones the overlay deletes or hides. */
    private void settle() {
        onOwn = false;
        while (own != null && !onOwn) {
            int order = below.isValid() ? direction * Arrays.compareUnsigned(own.getKey(), belowKey()) : -1;
            if (order > 0) {
                return;
            }
            if (order == 0) {
                stepBelow();
            }
            if (Overlay.isDeleted(own.getValue())) {
                stepOwn();
            } else {
                onOwn = true;
            }
        }
    }

    private void stepOwn() {
        own = above.hasNext() ? above.next() : null;
    }

    private void stepBelow() {
        below.next();
        belowKey = null;
    }

    private byte[] belowKey() {
        byte[] key = belowKey;
        if (key == null) {
            key = below.key();
            belowKey = key;
        }
        return key;
    }

    @Override
    public boolean isValid() {
        return onOwn || below.isValid();
    }

    @Override
    public void next() {
        if (onOwn) {
            stepOwn();
        } else {
            stepBelow();
        }
        settle();
    }

    @Override
    public byte[] key() {
        return onOwn && own != null ? own.getKey() : belowKey();
    }

    @Override
    public byte[] value() {
        return onOwn && own != null ? own.getValue() : below.value();
    }

    @Override
    public void close() {
        below.close();
    }
}
