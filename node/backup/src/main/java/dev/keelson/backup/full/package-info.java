/** Full backups: a snapshot of a cluster and a manifest that says what it is. */
@NullMarked
package dev.keelson.backup.full;

import org.jspecify.annotations.NullMarked;
