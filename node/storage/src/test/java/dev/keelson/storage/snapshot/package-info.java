/** Tests of snapshot streams. */
@NullMarked
package dev.keelson.storage.snapshot;

import org.jspecify.annotations.NullMarked;
