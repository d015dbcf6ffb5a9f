/** The members of the cluster as the store records them. */
@NullMarked
package dev.keelson.engine.membership;

import org.jspecify.annotations.NullMarked;
