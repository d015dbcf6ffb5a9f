/** Virtual time, chance and the record of what happened. */
@NullMarked
package dev.keelson.sim.world;

import org.jspecify.annotations.NullMarked;
