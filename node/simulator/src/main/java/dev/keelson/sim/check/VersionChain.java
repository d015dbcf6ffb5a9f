package dev.keelson.sim.check;

import dev.keelson.sim.check.Response.Kv;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The states of one key, oldest first. Invariants: revisions do not fall; a state of version 0 is a deletion.
 *
 * <p>Thread rule: one thread.
 */
final class VersionChain {

    private final String key;
    private @Nullable Kv[] states = new Kv[1];
    private int size;

    VersionChain(String key) {
        this.key = key;
    }

    String key() {
        return key;
    }

    boolean isEmpty() {
        return size == 0;
    }

    @Nullable
    Kv last() {
        return size == 0 ? null : states[size - 1];
    }

    void append(Kv state) {
        if (size == states.length) {
            states = Arrays.copyOf(states, size + (size >> 1) + 1);
        }
        states[size++] = state;
    }

    void removeLast() {
        states[--size] = null;
    }

    /** The key as it was at that revision; null if it did not exist. */
    @Nullable
    Kv at(long revision) {
        int index = newestUpTo(revision);
        Kv state = index < 0 ? null : states[index];
        return state == null || state.version() == 0 ? null : state;
    }

    /** Drops what no read at that revision or later sees. */
    void compact(long revision) {
        int keep = newestUpTo(revision);
        if (keep >= 0 && at(revision) == null) {
            keep++;
        }
        if (keep <= 0) {
            return;
        }
        states = Arrays.copyOfRange(states, keep, Math.max(size, keep + 1));
        size -= keep;
    }

    private int newestUpTo(long revision) {
        int low = 0;
        int high = size;
        while (low < high) {
            int middle = (low + high) >>> 1;
            Kv state = states[middle];
            if (state != null && state.modRevision() <= revision) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low - 1;
    }
}
