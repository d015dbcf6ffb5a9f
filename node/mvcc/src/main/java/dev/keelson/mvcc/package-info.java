/** The revisioned store: etcd's data model over ordered families of keys. */
@NullMarked
package dev.keelson.mvcc;

import org.jspecify.annotations.NullMarked;
