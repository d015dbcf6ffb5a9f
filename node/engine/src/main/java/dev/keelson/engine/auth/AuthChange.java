package dev.keelson.engine.auth;

/** What root wants of the users and roles, or a user of its own: to be let in. */
public sealed interface AuthChange {

    /** From now on callers must say who they are. */
    record Enable() implements AuthChange {}

    /** Nobody is asked any more. */
    record Disable() implements AuthChange {}

    /**
     * A user has given the right password and gets a token, on every member.
     *
     * @param checkedRevision of the users and roles by which the password was right; the password may have changed since
     * @param secret what the members recognize the token by
     */
    record LogIn(String user, long checkedRevision, byte[] secret) implements AuthChange {}

    /** @param password hashed: the log must not tell it */
    record AddUser(String name, byte[] password, boolean noPassword) implements AuthChange {}

    record DeleteUser(String name) implements AuthChange {}

    /** @param password hashed */
    record ChangePassword(String name, byte[] password) implements AuthChange {}

    record GrantRole(String user, String role) implements AuthChange {}

    record RevokeRole(String user, String role) implements AuthChange {}

    record AddRole(String name) implements AuthChange {}

    record DeleteRole(String name) implements AuthChange {}

    record GrantPermission(String role, Permission permission) implements AuthChange {}

    record RevokePermission(String role, byte[] key, byte[] rangeEnd) implements AuthChange {}
}
