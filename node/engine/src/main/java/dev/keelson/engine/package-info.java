/** One node out of consensus, store and ports; runs unchanged in a simulation. */
@NullMarked
package dev.keelson.engine;

import org.jspecify.annotations.NullMarked;
