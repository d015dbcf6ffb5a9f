/**
 * etcd's gRPC services: they translate between protobuf and the store's own records, and delegate.
 *
 * <p>Hot path: no copy of a value beyond the one out of the frame, no thread of its own, no logging.
 */
@NullMarked
package dev.keelson.server.grpc;

import org.jspecify.annotations.NullMarked;
