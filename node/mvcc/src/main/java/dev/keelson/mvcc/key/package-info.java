/**
 * The byte forms of rows in the families of a backend.
 *
 * <p>Hot path: one allocation for each array that is handed out, and none besides.
 */
@NullMarked
package dev.keelson.mvcc.key;

import org.jspecify.annotations.NullMarked;
