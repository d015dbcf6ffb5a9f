/** The byte form of what the engine itself stores and replicates. */
@NullMarked
package dev.keelson.engine.codec;

import org.jspecify.annotations.NullMarked;
