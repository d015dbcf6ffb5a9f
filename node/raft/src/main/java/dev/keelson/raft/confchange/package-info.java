/** Membership: the configuration in force and the pure functions that change it. */
@NullMarked
package dev.keelson.raft.confchange;

import org.jspecify.annotations.NullMarked;
