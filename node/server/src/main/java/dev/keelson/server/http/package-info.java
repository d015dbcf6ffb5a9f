/** What a client port answers over HTTP/1.1: probes and versions. */
@NullMarked
package dev.keelson.server.http;

import org.jspecify.annotations.NullMarked;
