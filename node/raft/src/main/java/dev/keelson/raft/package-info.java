/** The consensus core. */
@NullMarked
package dev.keelson.raft;

import org.jspecify.annotations.NullMarked;
