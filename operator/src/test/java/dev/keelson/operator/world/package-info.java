/** A small model of what the operator works on: an API server, kubelets, and a store that keeps Raft's promises. */
@NullMarked
package dev.keelson.operator.world;

import org.jspecify.annotations.NullMarked;
