/** What a majority of a configuration decides: pure functions. */
@NullMarked
package dev.keelson.raft.quorum;

import org.jspecify.annotations.NullMarked;
