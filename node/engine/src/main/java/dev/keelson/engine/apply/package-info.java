/** Commands of the replicated log and the worker that applies them. Hot path: apply is a pure function of state and entry. */
@NullMarked
package dev.keelson.engine.apply;

import org.jspecify.annotations.NullMarked;
