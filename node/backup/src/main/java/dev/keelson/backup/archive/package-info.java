/**
 * The archive: every change of a cluster behind a full backup, in sealed segments, each of which knows the one before it.
 */
@NullMarked
package dev.keelson.backup.archive;

import org.jspecify.annotations.NullMarked;
