/** Clusters driven by small text scripts whose whole trace is stored beside the commands. */
@NullMarked
package dev.keelson.raft.interaction;

import org.jspecify.annotations.NullMarked;
