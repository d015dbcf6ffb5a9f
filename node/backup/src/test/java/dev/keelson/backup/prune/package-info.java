/** Tests of which backups are kept. */
@NullMarked
package dev.keelson.backup.prune;

import org.jspecify.annotations.NullMarked;
