/** Leases of a node: the leader alone lets them expire, every member takes requests about them. */
@NullMarked
package dev.keelson.engine.lease;

import org.jspecify.annotations.NullMarked;
