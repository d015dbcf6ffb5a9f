/** Linearizable reads: many requests, one read index. */
@NullMarked
package dev.keelson.engine.read;

import org.jspecify.annotations.NullMarked;
