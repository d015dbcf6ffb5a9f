/** The managed authority of a cluster and the certificates it gives out. */
@NullMarked
package dev.keelson.operator.certificates;

import org.jspecify.annotations.NullMarked;
