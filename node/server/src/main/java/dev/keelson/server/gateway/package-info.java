/** The gRPC services as JSON over HTTP: paths, requests and answers as etcd's grpc-gateway has them. */
@NullMarked
package dev.keelson.server.gateway;

import org.jspecify.annotations.NullMarked;
