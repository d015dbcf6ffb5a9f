/** etcd's snapshot files: what etcd keeps in which bucket, written from a store and made into one. */
@NullMarked
package dev.keelson.storage.etcdfile;

import org.jspecify.annotations.NullMarked;
