/** What clients ask of a simulated cluster. */
@NullMarked
package dev.keelson.sim.workload;

import org.jspecify.annotations.NullMarked;
