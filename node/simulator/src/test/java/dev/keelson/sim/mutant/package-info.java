/** Known bugs, made again in our code one at a time, which the simulator has to find. */
@NullMarked
package dev.keelson.sim.mutant;

import org.jspecify.annotations.NullMarked;
