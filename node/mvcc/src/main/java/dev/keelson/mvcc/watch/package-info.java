/**
 * Watches: who wants to hear of which keys, and how each hears of every change once, in order, from the revision it asked for.
 *
 * <p>Hot path: an event is encoded once for all who receive it; no allocation per watcher that an event does not reach.
 */
@NullMarked
package dev.keelson.mvcc.watch;

import org.jspecify.annotations.NullMarked;
