/** What a leader knows of each member's log, and how far ahead of the answers it sends. Hot path: no allocation per message. */
@NullMarked
package dev.keelson.raft.progress;

import org.jspecify.annotations.NullMarked;
