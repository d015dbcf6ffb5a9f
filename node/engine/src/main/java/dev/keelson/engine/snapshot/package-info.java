/** Sending the store to a member that fell behind, and replacing it by a leader's. */
@NullMarked
package dev.keelson.engine.snapshot;

import org.jspecify.annotations.NullMarked;
