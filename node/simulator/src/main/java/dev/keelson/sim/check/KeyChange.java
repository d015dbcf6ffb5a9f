package dev.keelson.sim.check;

import dev.keelson.sim.check.Response.Kv;
import org.jspecify.annotations.Nullable;

/**
 * What one revision did to one key.
 *
 * @param kv the key since, of version 0 when it was deleted
 * @param former the key before; null if it did not exist
 */
record KeyChange(Kv kv, @Nullable Kv former) {}
