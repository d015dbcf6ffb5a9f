package dev.keelson.mvcc;

import dev.keelson.mvcc.key.LiveRow;
import org.jspecify.annotations.Nullable;

/**
 * One change of one key, as watchers hear of it.
 *
 * @param revision main revision of the operation that made it; all changes of one operation share it
 * @param key the key that changed
 * @param row the row of HISTORY that the change wrote: the encoded {@code mvccpb.KeyValue} of a put, the key alone of a
 *     delete
 * @param deleted whether the key is gone by it
 * @param former what the key was before the operation; null when it was not there, when the operation itself has deleted
 *     it before, and in an event that was read from the history
 */
public record Event(
        long revision,
        byte[] key,
        byte[] row,
        boolean deleted,
        @Nullable LiveRow former) {}
