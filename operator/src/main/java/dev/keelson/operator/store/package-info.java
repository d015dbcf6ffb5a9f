/** The port to a cluster's own membership and health, and its gRPC adapter. */
@NullMarked
package dev.keelson.operator.store;

import org.jspecify.annotations.NullMarked;
