/** Which backups are kept and which go. */
@NullMarked
package dev.keelson.backup.prune;

import org.jspecify.annotations.NullMarked;
