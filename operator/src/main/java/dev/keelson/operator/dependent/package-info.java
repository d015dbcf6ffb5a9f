/** The Kubernetes objects that a cluster consists of, rendered from its specification. No I/O. */
@NullMarked
package dev.keelson.operator.dependent;

import org.jspecify.annotations.NullMarked;
