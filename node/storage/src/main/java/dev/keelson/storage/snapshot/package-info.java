/** Sending the files of a checkpoint to a peer and receiving them. */
@NullMarked
package dev.keelson.storage.snapshot;

import org.jspecify.annotations.NullMarked;
