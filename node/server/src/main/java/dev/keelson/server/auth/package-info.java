/** Who a caller is: passwords, the throttle of failed logins, tokens of both kinds, and names in certificates. */
@NullMarked
package dev.keelson.server.auth;

import org.jspecify.annotations.NullMarked;
