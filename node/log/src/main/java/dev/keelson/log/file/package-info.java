/** The small port through which all consensus data reaches a disk, and its one real adapter. */
@NullMarked
package dev.keelson.log.file;

import org.jspecify.annotations.NullMarked;
