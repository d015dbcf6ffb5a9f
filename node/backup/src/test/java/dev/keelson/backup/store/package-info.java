/** Tests of places for backups. */
@NullMarked
package dev.keelson.backup.store;

import org.jspecify.annotations.NullMarked;
