/** A deterministic world in which whole clusters live through every fault at once: one seed, one run. */
@NullMarked
package dev.keelson.sim;

import org.jspecify.annotations.NullMarked;
