/** Restores: which backup and which segments lead to a moment, and the snapshot file that is made of them. */
@NullMarked
package dev.keelson.backup.restore;

import org.jspecify.annotations.NullMarked;
