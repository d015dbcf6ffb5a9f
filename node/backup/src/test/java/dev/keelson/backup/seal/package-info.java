/** Tests of encryption. */
@NullMarked
package dev.keelson.backup.seal;

import org.jspecify.annotations.NullMarked;
