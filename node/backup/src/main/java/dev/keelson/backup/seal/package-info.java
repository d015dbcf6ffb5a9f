/**
 * Encryption of objects: AES-256-GCM in chunks under a key of the object's own, which is wrapped by the user's.
 *
 * <p>Who can read a store learns sizes and names; who can write to it cannot change, shorten, swap or forge an object
 * without notice, nor pass one off under another name.
 */
@NullMarked
package dev.keelson.backup.seal;

import org.jspecify.annotations.NullMarked;
