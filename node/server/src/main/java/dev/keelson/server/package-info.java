/** The application: flags, gRPC, HTTP, wiring. */
@NullMarked
package dev.keelson.server;

import org.jspecify.annotations.NullMarked;
