/** Tests of the store's files. */
@NullMarked
package dev.keelson.storage;

import org.jspecify.annotations.NullMarked;
