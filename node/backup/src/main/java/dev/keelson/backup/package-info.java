/**
 * Backups and restores: what is kept, how it is proven, and how a cluster is made of it again.
 *
 * <p>Speaks to clusters and to stores by the ports in {@code cluster} and {@code store} only.
 */
@NullMarked
package dev.keelson.backup;

import org.jspecify.annotations.NullMarked;
