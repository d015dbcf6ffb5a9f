/** Changes of the membership of whole clusters, in scripts that are written out instead of drawn. */
@NullMarked
package dev.keelson.sim.membership;

import org.jspecify.annotations.NullMarked;
