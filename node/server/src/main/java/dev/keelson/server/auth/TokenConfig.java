package dev.keelson.server.auth;

import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What kind of tokens a member gives out and takes. */
public sealed interface TokenConfig {

    /** The value of etcd's flags when none is given. */
    TokenConfig STANDARD = new Simple(Duration.ofSeconds(300));

    /** @param life how long a token holds that is not used */
    record Simple(Duration life) implements TokenConfig {}

    /**
     * @param method the one by which tokens are signed; no other is taken
     * @param publicKey where the key to verify with is kept; null where it follows from the private one
     * @param privateKey where the key to sign with is kept, or the shared secret; null for one who only verifies
     * @param life how long a token holds
     */
    record Signed(
            SignMethod method,
            @Nullable Path publicKey,
            @Nullable Path privateKey,
            Duration life) implements TokenConfig {}

    /** Neither. */
    enum None implements TokenConfig {
        NONE
    }
}
