package dev.keelson.sim.check;

import dev.keelson.sim.check.Response.Kv;
import org.jspecify.annotations.Nullable;

/**
 * What one revision did to one key.
 *
 * @param kv the key since, of version 0 when it was deleted
 * @param former the key before; null if it did not exist
 */
record KeyChange(Kv kv, @Nullable Kv former) {

    /** Whether it is what a watcher was told, who need not have been told what the key was before. */
    boolean fits(WatchEvent told) {
        if (!kv.equals(told.kv())) {
            return false;
        }
        // Of a key that is changed twice in one revision they are told what it was before the revision.
        boolean isSecond = former != null && former.modRevision() == kv.modRevision();
        return told.prevKv() == null || isSecond || told.prevKv().equals(former);
    }
}
