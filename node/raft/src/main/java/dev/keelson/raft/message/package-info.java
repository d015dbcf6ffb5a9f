/** What members say to each other. */
@NullMarked
package dev.keelson.raft.message;

import org.jspecify.annotations.NullMarked;
