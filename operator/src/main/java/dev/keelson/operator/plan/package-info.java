/** What to do next: a pure function from an observation to ordered steps. No client, no clock, no log. */
@NullMarked
package dev.keelson.operator.plan;

import org.jspecify.annotations.NullMarked;
