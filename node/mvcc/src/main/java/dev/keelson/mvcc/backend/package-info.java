/** The port to an ordered, atomic, snapshotting key-value backend. */
@NullMarked
package dev.keelson.mvcc.backend;

import org.jspecify.annotations.NullMarked;
