/**
 * Where backups lie: objects under names, put whole or not at all.
 *
 * <p>Knows nothing of what the objects hold.
 */
@NullMarked
package dev.keelson.backup.store;

import org.jspecify.annotations.NullMarked;
