/** The segmented write-ahead log: the only log there is. */
@NullMarked
package dev.keelson.log;

import org.jspecify.annotations.NullMarked;
