package dev.keelson.server.auth;

import java.security.Key;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jose4j.jwa.AlgorithmConstraints;
import org.jose4j.jwa.AlgorithmConstraints.ConstraintType;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.MalformedClaimException;
import org.jose4j.jwt.NumericDate;
import org.jose4j.jwt.consumer.InvalidJwtException;
import org.jose4j.lang.JoseException;
import org.jspecify.annotations.Nullable;

/**
 * Tokens that say whose they are, until when they hold and as of which revision of users and roles, under a signature
 * (RFC 7519); etcd takes those made here, and those made by etcd are taken here, where both have the same key.
 *
 * <p>The way they are signed is the one that was configured. What a token itself says about that is no more than compared
 * with it.
 *
 * <p>Thread rule: from any thread. {@link #issue} may work for some milliseconds.
 */
public final class SignedTokens implements Tokens {

    /** What etcd answers where there is no key to sign with. */
    private static final String VERIFY_ONLY = "auth: token signing attempted with verify-only key";

    private static final String USERNAME = "username";
    private static final String REVISION = "revision";

    /** Verified tokens that are remembered, so that a client pays for his signature once and not with every call. */
    private static final int VERIFIED_MAX = 1_024;

    private static final Draft NOTHING = new Draft("", new byte[0]);

    private final SignMethod method;
    private final TokenKeys keys;
    private final AlgorithmConstraints only;
    private final Duration life;
    private final InstantSource clock;
    private final Map<String, Claims> verified = new ConcurrentHashMap<>();

    private record Claims(Caller.User user, long notBeforeSeconds, long expiresSeconds) {

        private boolean holdsAt(long seconds) {
            return notBeforeSeconds <= seconds && seconds < expiresSeconds;
        }
    }

    /**
     * Reads the keys.
     *
     * @throws TokenKeyException when they cannot be used
     */
    public SignedTokens(TokenConfig.Signed config, InstantSource clock) {
        this.method = config.method();
        this.keys = TokenKeys.read(config);
        this.only = new AlgorithmConstraints(ConstraintType.PERMIT, method.algorithm());
        this.life = config.life();
        this.clock = clock;
    }

    @Override
    public Draft draft() {
        return NOTHING;
    }

    @Override
    public void assign(String user, byte[] digest, long index) {}

    @Override
    public String issue(Draft draft, Login login) throws NotIssuedException {
        Key signing = keys.signing();
        if (signing == null) {
            throw new NotIssuedException(VERIFY_ONLY);
        }
        var claims = new JwtClaims();
        claims.setStringClaim(USERNAME, login.user());
        claims.setClaim(REVISION, login.revision());
        claims.setExpirationTime(
                NumericDate.fromSeconds(clock.instant().plus(life).getEpochSecond()));
        JsonWebSignature signature = signature(signing);
        signature.setAlgorithmHeaderValue(method.algorithm());
        signature.setHeader("typ", "JWT");
        signature.setPayload(claims.toJson());
        try {
            return signature.getCompactSerialization();
        } catch (JoseException impossible) {
            throw new IllegalStateException("a token cannot be signed", impossible);
        }
    }

    private JsonWebSignature signature(Key key) {
        var signature = new JsonWebSignature();
        signature.setAlgorithmConstraints(only);
        signature.setKey(key);
        // They were looked at when they were read; the library would refuse secrets that etcd takes.
        signature.setDoKeyValidation(false);
        return signature;
    }

    @Override
    public Caller find(String token, Progress at) {
        Claims known = verified.get(token);
        if (known == null) {
            known = verify(token);
            if (known != null) {
                remember(token, known);
            }
        }
        return known != null && known.holdsAt(clock.instant().getEpochSecond())
                ? known.user()
                : Caller.Unknown.BAD_TOKEN;
    }

    private void remember(String token, Claims claims) {
        if (verified.size() >= VERIFIED_MAX) {
            verified.clear();
        }
        verified.put(token, claims);
    }

    private @Nullable Claims verify(String token) {
        try {
            JsonWebSignature signature = signature(keys.verifying());
            signature.setCompactSerialization(token);
            return signature.verifySignature() ? claims(JwtClaims.parse(signature.getPayload())) : null;
        } catch (JoseException | InvalidJwtException | MalformedClaimException _) {
            // Whatever is wrong with it, a client hears no more than that it is no token.
            return null;
        }
    }

    /** Without one of them it is not ours, whoever signed it. */
    private static @Nullable Claims claims(JwtClaims claims) throws MalformedClaimException {
        NumericDate expires = claims.getExpirationTime();
        NumericDate notBefore = claims.getNotBefore();
        if (expires == null
                || !(claims.getClaimValue(USERNAME) instanceof String user)
                || user.isEmpty()
                || !(claims.getClaimValue(REVISION) instanceof Number revision)
                || revision.doubleValue() < 0
                || revision.doubleValue() != Math.rint(revision.doubleValue())) {
            return null;
        }
        return new Claims(
                new Caller.User(user, revision.longValue()),
                notBefore == null ? Long.MIN_VALUE : notBefore.getValue(),
                expires.getValue());
    }

    @Override
    public void forget(String user) {
        // The revision in it is older than the change from then on, which refuses it.
    }

    @Override
    public void forgetAll() {
        verified.clear();
    }
}
