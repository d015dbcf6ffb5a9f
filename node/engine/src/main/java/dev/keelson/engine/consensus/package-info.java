/** The loop that drives the consensus core, and the bounded queue before it. Hot path: no lock, no logging. */
@NullMarked
package dev.keelson.engine.consensus;

import org.jspecify.annotations.NullMarked;
