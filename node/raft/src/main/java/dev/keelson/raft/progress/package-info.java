/** What a leader knows of each member's log. */
@NullMarked
package dev.keelson.raft.progress;

import org.jspecify.annotations.NullMarked;
