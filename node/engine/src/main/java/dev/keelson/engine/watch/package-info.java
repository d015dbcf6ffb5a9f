/** Watches of a node: what was applied reaches those who asked to hear of it. */
@NullMarked
package dev.keelson.engine.watch;

import org.jspecify.annotations.NullMarked;
