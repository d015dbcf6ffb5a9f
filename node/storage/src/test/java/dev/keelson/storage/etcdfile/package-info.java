/** Tests of etcd's files. */
@NullMarked
package dev.keelson.storage.etcdfile;

import org.jspecify.annotations.NullMarked;
