/** Tests of the log. */
@NullMarked
package dev.keelson.log;

import org.jspecify.annotations.NullMarked;
