/** A small deterministic world for whole nodes: one queue of events in virtual time, one seed a run. */
@NullMarked
package dev.keelson.engine.world;

import org.jspecify.annotations.NullMarked;
