package dev.keelson.engine.auth;

import java.util.List;

/**
 * One who may ask.
 *
 * @param password as bcrypt has hashed it; empty for none
 * @param noPassword whether no password ever lets this user in, but a certificate does
 * @param roles in the order of {@link Names}
 */
public record User(String name, byte[] password, boolean noPassword, List<String> roles) {

    /** The user and the role that may do everything. */
    public static final String ROOT = "root";

    public User {
        roles = List.copyOf(roles);
    }

    public boolean isRoot() {
        return roles.contains(ROOT);
    }

    User withRoles(List<String> newRoles) {
        return new User(name, password, noPassword, newRoles);
    }

    User withPassword(byte[] newPassword) {
        return new User(name, newPassword, noPassword, roles);
    }
}
