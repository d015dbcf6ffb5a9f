package dev.keelson.server.auth;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Comparator;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Tokens that mean nothing by themselves: letters drawn at random and, behind a point, the place in the log of the login.
 *
 * <p>They are kept in memory and hold for a while after they were last used. What is kept, and goes through the log, is the
 * digest of the letters: neither the log nor a dump of memory has what a client could show, and how long a search takes
 * tells nothing about a token that exists.
 *
 * <p>Thread rule: from any thread.
 */
public final class SimpleTokens implements Tokens {

    /** Of 52 letters each; together they hold more than 128 bits. */
    static final int LETTERS_DRAWN = 24;

    /** A login costs a tenth of a second of a core; this many never are on a healthy cluster. */
    static final int TOKENS_MAX = 1 << 16;

    private static final String LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    private static final Pattern FORM = Pattern.compile("([A-Za-z]{1,64})\\.([0-9]{1,18})");
    private static final long SWEEP_EVERY_MILLIS = 1_000;

    private final long lifeMillis;
    private final LongSupplier clock;
    private final SecureRandom random = new SecureRandom();
    private final Map<Digest, Holding> holdings = new ConcurrentHashMap<>();
    private volatile long sweptAtMillis;

    /**
     * @param lifeMillis how long a token holds that is not used
     * @param clock in milliseconds, never set back
     */
    public SimpleTokens(long lifeMillis, LongSupplier clock) {
        this.lifeMillis = lifeMillis;
        this.clock = clock;
        this.sweptAtMillis = clock.getAsLong();
    }

    @Override
    public Draft draft() {
        var secret = new StringBuilder(LETTERS_DRAWN);
        for (int i = 0; i < LETTERS_DRAWN; i++) {
            secret.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
        }
        return new Draft(secret.toString(), digest(secret.toString()));
    }

    @Override
    public void assign(String user, byte[] digest, long index) {
        long now = clock.getAsLong();
        if (now - sweptAtMillis >= SWEEP_EVERY_MILLIS || holdings.size() >= TOKENS_MAX) {
            sweptAtMillis = now;
            sweep(now);
        }
        holdings.put(Digest.of(digest), new Holding(user, index, now + lifeMillis));
    }

    private void sweep(long now) {
        holdings.values().removeIf(holding -> holding.endsAtMillis - now <= 0);
        if (holdings.size() >= TOKENS_MAX) {
            holdings.entrySet().stream()
                    .min(Comparator.comparingLong(entry -> entry.getValue().endsAtMillis))
                    .ifPresent(oldest -> holdings.remove(oldest.getKey()));
        }
    }

    @Override
    public String issue(Draft draft, Login login) {
        return draft.secret() + "." + login.index();
    }

    @Override
    public Caller find(String token, Progress at) {
        Matcher form = FORM.matcher(token);
        if (!form.matches()) {
            return Caller.Unknown.BAD_TOKEN;
        }
        long index = Long.parseLong(form.group(2));
        if (index > at.appliedIndex()) {
            return new Caller.Later(index);
        }
        Holding holding = holdings.get(Digest.of(digest(form.group(1))));
        long now = clock.getAsLong();
        if (holding == null || holding.index != index || holding.endsAtMillis - now <= 0) {
            return Caller.Unknown.BAD_TOKEN;
        }
        holding.endsAtMillis = now + lifeMillis;
        return new Caller.User(holding.user, at.revision());
    }

    @Override
    public void forget(String user) {
        holdings.values().removeIf(holding -> holding.user.equals(user));
    }

    @Override
    public void forgetAll() {
        holdings.clear();
    }

    int size() {
        return holdings.size();
    }

    private static byte[] digest(String secret) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(secret.getBytes(StandardCharsets.US_ASCII));
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("every Java has SHA-256", missing);
        }
    }

    /** The bytes of a digest as something to look up by. */
    private record Digest(long first, long second, long third, long fourth) {

        private static Digest of(byte[] bytes) {
            var buffer = ByteBuffer.wrap(bytes);
            return new Digest(buffer.getLong(), buffer.getLong(), buffer.getLong(), buffer.getLong());
        }
    }

    private static final class Holding {

        private final String user;
        private final long index;
        private volatile long endsAtMillis;

        private Holding(String user, long index, long endsAtMillis) {
            this.user = user;
            this.index = index;
            this.endsAtMillis = endsAtMillis;
        }
    }
}
