/** Tests of archives and restores. */
@NullMarked
package dev.keelson.backup.restore;

import org.jspecify.annotations.NullMarked;
