/**
 * The links to the other members: one stream of messages each way, and a stream of its own for a snapshot.
 *
 * <p>Hot path: one envelope per write, no copy of an entry, no lock.
 */
@NullMarked
package dev.keelson.server.peer;

import org.jspecify.annotations.NullMarked;
