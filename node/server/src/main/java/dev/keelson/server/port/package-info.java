/**
 * Listening sockets: one port that speaks gRPC and HTTP/1.1, told apart by the first bytes of a connection.
 *
 * <p>Hot path: requests are served on the event loops, without a thread per call.
 */
@NullMarked
package dev.keelson.server.port;

import org.jspecify.annotations.NullMarked;
