/** Links between members that lose, delay, double and hold back. */
@NullMarked
package dev.keelson.sim.network;

import org.jspecify.annotations.NullMarked;
