/** A whole cluster on one machine, for trying things out. */
@NullMarked
package dev.keelson.server.local;

import org.jspecify.annotations.NullMarked;
