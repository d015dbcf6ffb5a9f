/** What backups need of a cluster: the port that a client of etcd's API implements. */
@NullMarked
package dev.keelson.backup.cluster;

import org.jspecify.annotations.NullMarked;
