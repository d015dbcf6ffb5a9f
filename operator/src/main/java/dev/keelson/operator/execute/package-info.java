/** Carries steps out, idempotently, through the ports of Kubernetes and of the store. */
@NullMarked
package dev.keelson.operator.execute;

import org.jspecify.annotations.NullMarked;
