/** Leases of whole clusters, in scripts that are written out instead of drawn. */
@NullMarked
package dev.keelson.sim.lease;

import org.jspecify.annotations.NullMarked;
