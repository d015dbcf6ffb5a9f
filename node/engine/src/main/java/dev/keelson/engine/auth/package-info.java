/**
 * Users, roles and what they permit: replicated state, so that every member decides alike. Hot path: {@link
 * dev.keelson.engine.auth.AuthState#enabled} is all that a request costs while authorization is off.
 */
@NullMarked
package dev.keelson.engine.auth;

import org.jspecify.annotations.NullMarked;
