/** A thin client in etcdctl's words, so that a newcomer needs nothing else. */
@NullMarked
package dev.keelson.server.cli;

import org.jspecify.annotations.NullMarked;
