/** What clients were told, and whether a correct store could have told it: checkers of histories, simulated or real. */
@NullMarked
package dev.keelson.sim.check;

import org.jspecify.annotations.NullMarked;
