/** Making a member's data directory out of a file of etcd's. */
@NullMarked
package dev.keelson.server.restore;

import org.jspecify.annotations.NullMarked;
