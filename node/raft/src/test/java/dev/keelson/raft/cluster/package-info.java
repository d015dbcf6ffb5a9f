/** Whole clusters of cores in one thread: everything between them, network and disks, is chance from a seed. */
@NullMarked
package dev.keelson.raft.cluster;

import org.jspecify.annotations.NullMarked;
