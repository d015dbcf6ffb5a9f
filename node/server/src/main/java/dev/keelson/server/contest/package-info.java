/**
 * Contests for being first under a prefix, which is what locks and elections are: each contender writes a key of its own,
 * held by a lease, and whose key is the oldest has won.
 *
 * <p>Everything in the store is as etcd's own clients write it, so that contenders by way of this server, of an etcd
 * server and of a client library meet in one queue.
 */
@NullMarked
package dev.keelson.server.contest;

import org.jspecify.annotations.NullMarked;
