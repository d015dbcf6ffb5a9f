package dev.keelson.server.auth;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Slows down those who guess passwords: a bucket of failed logins for each user and for each place they come from, which
 * leaks at a steady rate.
 *
 * <p>An attempt counts as failed until it is known to have succeeded, so that many at once pass no more than one after the
 * other. A place may fail less than a user, and less often: one attacker alone cannot use up what a user has, and so
 * keep him out.
 *
 * <p>A bucket is one number, the time at which it will be empty. There is a fixed number of buckets, and who shares one with
 * somebody else is a matter of chance; memory does not grow with the names that are tried, and no name can be made to be
 * forgotten by trying others.
 *
 * <p>Thread rule: from any thread.
 */
public final class LoginThrottle {

    static final int SOURCE_FAILURES_MAX = 20;
    static final long SOURCE_FAILURE_EVERY_MILLIS = 2_000;
    static final int USER_FAILURES_MAX = 100;
    static final long USER_FAILURE_EVERY_MILLIS = 1_000;

    private static final int BUCKETS = 1 << 14;

    /** One who has an IPv6 address has all that begin with the same bytes. */
    private static final int NETWORK_BYTES_V6 = 8;

    private static final long FACTOR = 0x9E3779B97F4A7C15L;

    private final Buckets users;
    private final Buckets sources;

    /** @param seed at random, so that nobody outside can tell who shares a bucket */
    public LoginThrottle(long seed) {
        this.users = new Buckets(seed, USER_FAILURES_MAX, USER_FAILURE_EVERY_MILLIS);
        this.sources = new Buckets(~seed, SOURCE_FAILURES_MAX, SOURCE_FAILURE_EVERY_MILLIS);
    }

    /**
     * Whether a login may be tried. It counts as failed until {@link #succeeded} is called for it.
     *
     * @param source where it comes from
     * @param nowMillis by a clock that is never set back
     */
    public boolean admit(String user, SocketAddress source, long nowMillis) {
        byte[] place = place(source);
        if (!sources.take(place, nowMillis)) {
            return false;
        }
        if (users.take(bytes(user), nowMillis)) {
            return true;
        }
        sources.giveBack(place);
        return false;
    }

    /** The login that was admitted turned out to be right, or was not decided for a reason that says nothing about it. */
    public void succeeded(String user, SocketAddress source) {
        sources.giveBack(place(source));
        users.giveBack(bytes(user));
    }

    private static byte[] place(SocketAddress source) {
        InetAddress address = source instanceof InetSocketAddress inet ? inet.getAddress() : null;
        if (address == null) {
            return bytes(source.toString());
        }
        byte[] raw = address.getAddress();
        return raw.length > NETWORK_BYTES_V6 ? Arrays.copyOf(raw, NETWORK_BYTES_V6) : raw;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Buckets of one kind. */
    private static final class Buckets {

        private final AtomicLongArray emptyAtMillis = new AtomicLongArray(BUCKETS);
        private final long seed;
        private final long everyMillis;
        private final long fullMillis;

        private Buckets(long seed, int failuresMax, long everyMillis) {
            this.seed = seed;
            this.everyMillis = everyMillis;
            this.fullMillis = failuresMax * everyMillis;
            for (int i = 0; i < BUCKETS; i++) {
                emptyAtMillis.set(i, Long.MIN_VALUE);
            }
        }

        private boolean take(byte[] name, long nowMillis) {
            int slot = slot(name);
            while (true) {
                long found = emptyAtMillis.get(slot);
                long then = Math.max(found, nowMillis) + everyMillis;
                if (then - nowMillis > fullMillis) {
                    return false;
                }
                if (emptyAtMillis.compareAndSet(slot, found, then)) {
                    return true;
                }
            }
        }

        private void giveBack(byte[] name) {
            emptyAtMillis.addAndGet(slot(name), -everyMillis);
        }

        private int slot(byte[] name) {
            long hash = seed;
            for (byte each : name) {
                hash = (hash ^ each) * FACTOR;
                hash ^= hash >>> 32;
            }
            return (int) (hash & (BUCKETS - 1));
        }
    }
}
