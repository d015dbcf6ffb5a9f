/** What a member writes about itself, in the form of etcd's log lines. */
@NullMarked
package dev.keelson.server.log;

import org.jspecify.annotations.NullMarked;
