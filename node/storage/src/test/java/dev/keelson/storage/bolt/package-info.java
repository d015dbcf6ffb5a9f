/** Tests of the file format. */
@NullMarked
package dev.keelson.storage.bolt;

import org.jspecify.annotations.NullMarked;
