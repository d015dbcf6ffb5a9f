/** Quorum arithmetic, simple and joint: pure functions of a configuration and of what its members have or say. */
@NullMarked
package dev.keelson.raft.quorum;

import org.jspecify.annotations.NullMarked;
