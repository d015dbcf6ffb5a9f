package dev.keelson.server.auth;

import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;

/**
 * All that finds out who calls a member.
 *
 * @param tokens that this member knows
 * @param passwords hashes and compares them
 * @param throttle slows down who guesses them
 * @param callers tells who makes a call
 */
public record Authentication(Tokens tokens, Passwords passwords, LoginThrottle throttle, Callers callers)
        implements AutoCloseable {

    /** @throws TokenKeyException when the keys of tokens cannot be read */
    public static Authentication open(AuthConfig config) {
        Tokens tokens = switch (config.tokens()) {
            case TokenConfig.Simple(var life) -> new SimpleTokens(life.toMillis(), Authentication::nowMillis);
            case TokenConfig.Signed signed -> new SignedTokens(signed, InstantSource.system());
            case TokenConfig.None _ -> NoTokens.INSTANCE;
        };
        int threads = Passwords.threadsFor(Runtime.getRuntime().availableProcessors());
        return new Authentication(
                tokens,
                new Passwords(config.bcryptCost(), threads),
                new LoginThrottle(new SecureRandom().nextLong()),
                new Callers(tokens, config.certificates()));
    }

    /** By a clock that is never set back. */
    static long nowMillis() {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
    }

    @Override
    public void close() {
        passwords.close();
    }
}
