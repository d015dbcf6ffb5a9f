/** Disks that lose, tear, damage, delay and fill up. */
@NullMarked
package dev.keelson.sim.disk;

import org.jspecify.annotations.NullMarked;
