package dev.keelson.server.auth;

/**
 * How a member finds out who calls it.
 *
 * @param tokens of what kind they are
 * @param bcryptCost of the hashes of passwords that it makes
 * @param certificates whether the name in a client's certificate is that of a user
 */
public record AuthConfig(TokenConfig tokens, int bcryptCost, boolean certificates) {

    /** The values of etcd's flags when none is given. */
    public static final AuthConfig STANDARD = new AuthConfig(TokenConfig.STANDARD, Passwords.COST_STANDARD, false);
}
