/** A file system that loses power. */
@NullMarked
package dev.keelson.log.file;

import org.jspecify.annotations.NullMarked;
