/** JSON as grpc-gateway speaks it for etcd: what it takes, what it writes, and its words when it refuses. */
@NullMarked
package dev.keelson.server.json;

import org.jspecify.annotations.NullMarked;
