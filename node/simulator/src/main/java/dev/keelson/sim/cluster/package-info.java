/** Members with their disks and lives, the cluster they make up, and what must hold of them after every event. */
@NullMarked
package dev.keelson.sim.cluster;

import org.jspecify.annotations.NullMarked;
