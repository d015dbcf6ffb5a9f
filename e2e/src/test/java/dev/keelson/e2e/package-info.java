/** What must hold of real processes, shown on real processes. */
@NullMarked
package dev.keelson.e2e;

import org.jspecify.annotations.NullMarked;
