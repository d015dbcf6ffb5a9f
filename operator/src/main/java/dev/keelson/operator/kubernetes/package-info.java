/** The port to the API of Kubernetes and its adapter. */
@NullMarked
package dev.keelson.operator.kubernetes;

import org.jspecify.annotations.NullMarked;
