/**
 * bbolt's file format, version 2, read and written one page at a time.
 *
 * <p>Knows pages, buckets, keys and values; what etcd puts into them is not its business.
 */
@NullMarked
package dev.keelson.storage.bolt;

import org.jspecify.annotations.NullMarked;
