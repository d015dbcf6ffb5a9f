/** Questions that only the leader can answer, put to it from any member. */
@NullMarked
package dev.keelson.engine.forward;

import org.jspecify.annotations.NullMarked;
