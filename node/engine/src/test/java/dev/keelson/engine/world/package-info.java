/** A log in memory for tests of single parts of a node. */
@NullMarked
package dev.keelson.engine.world;

import org.jspecify.annotations.NullMarked;
