/** etcd's flags and environment variables, checked and turned into what a member is told. */
@NullMarked
package dev.keelson.server.config;

import org.jspecify.annotations.NullMarked;
