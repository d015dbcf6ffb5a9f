package dev.keelson.server.auth;

import dev.keelson.engine.Reply;
import dev.keelson.mvcc.StoreError;
import dev.keelson.mvcc.StoreException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.bouncycastle.crypto.generators.OpenBSDBCrypt;
import org.jspecify.annotations.Nullable;

/**
 * Hashes passwords and compares them with hashes, by bcrypt as etcd does, on threads of its own.
 *
 * <p>One hash costs a tenth of a second of a core, on purpose. So few are worked on at a time, few wait, and what comes on
 * top of that is refused before it costs anything. A name that nobody has is compared with a hash too: how long a refusal
 * takes tells nothing about who exists.
 *
 * <p>Thread rule: from any thread; replies come on the threads that hash, or at once where nothing was hashed.
 */
public final class Passwords implements AutoCloseable {

    public static final int COST_MIN = 4;
    public static final int COST_MAX = 31;
    public static final int COST_STANDARD = 10;

    /** What etcd answers to a password of more bytes than count. */
    public static final String TOO_LONG = "bcrypt: password length exceeds 72 bytes";

    /** Beyond it the last in the queue would wait for longer than its request may take. */
    static final int WAITING_MAX = 64;

    private static final int BYTES_MAX = 72;
    private static final int SALT_BYTES = 16;
    private static final String VERSION = "2a";
    private static final long IDLE_SECONDS_MAX = 30;

    private final int cost;
    private final SecureRandom random = new SecureRandom();
    private final String nobodysHash;
    private final ThreadPoolExecutor pool;

    /**
     * @param cost of the hashes that are made, as the power of two of bcrypt's rounds
     * @param threads that hash
     */
    public Passwords(int cost, int threads) {
        if (cost < COST_MIN || cost > COST_MAX) {
            throw new IllegalArgumentException("a cost of " + cost + " is not in [" + COST_MIN + ", " + COST_MAX + "]");
        }
        this.cost = cost;
        this.pool = new ThreadPoolExecutor(
                threads,
                threads,
                IDLE_SECONDS_MAX,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(WAITING_MAX),
                Thread.ofPlatform().daemon().name("password-", 0).factory());
        pool.allowCoreThreadTimeOut(true);
        // It fits no password: a hash of it would have to begin with the same salt and cost, and end like this.
        this.nobodysHash = "$2a$%02d$".formatted(cost) + ".".repeat(53);
    }

    /** As many threads as leave half of this machine to everything else. */
    public static int threadsFor(int processors) {
        return Math.max(1, processors / 2);
    }

    /** Whether there is more to it than is hashed, so that it must be refused; see {@link #TOO_LONG}. */
    public static boolean isTooLong(String password) {
        return bytes(password).length > BYTES_MAX;
    }

    /** Makes the hash that stands for the password from here on. */
    public void hash(String password, Reply<byte[]> reply) {
        run(new Work<>(reply) {
            @Override
            byte[] result() {
                byte[] salt = new byte[SALT_BYTES];
                random.nextBytes(salt);
                return bytes(OpenBSDBCrypt.generate(VERSION, bytes(password), salt, cost));
            }
        });
    }

    /** @param hash of the user, null where there is no such user or one without a password: then the answer is no */
    public void check(byte @Nullable [] hash, String password, Reply<Boolean> reply) {
        run(new Work<>(reply) {
            @Override
            Boolean result() {
                return fits(hash, password);
            }
        });
    }

    private boolean fits(byte @Nullable [] hash, String password) {
        if (hash != null) {
            try {
                return OpenBSDBCrypt.checkPassword(new String(hash, StandardCharsets.ISO_8859_1), bytes(password));
            } catch (RuntimeException _) {
                // It is no hash at all, so nothing fits it; the work is done nevertheless.
            }
        }
        OpenBSDBCrypt.checkPassword(nobodysHash, bytes(password));
        return false;
    }

    private void run(Work<?> work) {
        try {
            pool.execute(work);
        } catch (RejectedExecutionException _) {
            work.refuse(pool.isShutdown() ? StoreError.STOPPED : StoreError.TOO_MANY_REQUESTS);
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Ends the threads; what still waits is refused. */
    @Override
    public void close() {
        pool.shutdownNow().forEach(waiting -> ((Work<?>) waiting).refuse(StoreError.STOPPED));
    }

    private abstract static class Work<T> implements Runnable {

        private final Reply<T> reply;

        private Work(Reply<T> reply) {
            this.reply = reply;
        }

        abstract T result();

        @Override
        public void run() {
            reply.succeed(result());
        }

        private void refuse(StoreError error) {
            reply.fail(new StoreException(error));
        }
    }
}
