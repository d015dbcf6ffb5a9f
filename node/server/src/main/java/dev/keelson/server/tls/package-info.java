/**
 * TLS of the ports: what the flags ask for, the files behind it, and contexts that follow the files as they change.
 *
 * <p>The cryptography is the JDK's; certificates that are made here are built by Bouncy Castle, which also reads keys.
 */
@NullMarked
package dev.keelson.server.tls;

import org.jspecify.annotations.NullMarked;
