/** What was seen of a cluster at one moment, as immutable values that know nothing of Kubernetes, and the reader that makes them. */
@NullMarked
package dev.keelson.operator.observe;

import org.jspecify.annotations.NullMarked;
