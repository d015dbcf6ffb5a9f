/** The replicated log as the consensus core sees it: entries, hard state, and the port to stable storage. */
@NullMarked
package dev.keelson.raft.log;

import org.jspecify.annotations.NullMarked;
