/** The run of the application from which the JDK learns what to keep in the AOT cache. */
@NullMarked
package dev.keelson.server.training;

import org.jspecify.annotations.NullMarked;
