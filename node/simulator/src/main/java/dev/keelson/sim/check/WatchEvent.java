package dev.keelson.sim.check;

import dev.keelson.sim.check.Response.Kv;
import org.jspecify.annotations.Nullable;

/**
 * One change of one key, as a watcher was told of it.
 *
 * @param kv the key since; of a deletion the key and the revision alone ({@link Kv#deleted})
 * @param prevKv the key before, where it was told
 */
public record WatchEvent(Kv kv, @Nullable Kv prevKv) {}
