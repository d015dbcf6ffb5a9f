/** Linearizable reads that wait for a leader to prove that it still leads (thesis 6.4). */
@NullMarked
package dev.keelson.raft.read;

import org.jspecify.annotations.NullMarked;
