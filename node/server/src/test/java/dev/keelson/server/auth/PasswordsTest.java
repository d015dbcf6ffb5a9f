package dev.keelson.server.auth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keelson.engine.Reply;
import dev.keelson.mvcc.StoreError;
import dev.keelson.mvcc.StoreException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PasswordsTest {

    /** Made by the Go library that etcd uses, of "pass-Wörd 1". */
    private static final String BY_ETCD = "$2a$04$b3rdXYYaAR0fv73w.xRHweVITz21ddsIFwRTflJBIEStiqlDm9Iza";

    private static final String PASSWORD = "pass-Wörd 1";

    private final Passwords passwords = new Passwords(Passwords.COST_MIN, 1);

    /** An outcome that a test can wait for. */
    static final class Outcome<T> extends CompletableFuture<T> implements Reply<T> {

        @Override
        public void succeed(T result) {
            complete(result);
        }

        @Override
        public void fail(StoreException error) {
            completeExceptionally(error);
        }

        StoreError error() {
            return ((StoreException) exceptionNow()).error();
        }
    }

    @AfterEach
    void close() {
        passwords.close();
    }

    private byte[] hash(String password) {
        var outcome = new Outcome<byte[]>();
        passwords.hash(password, outcome);
        return outcome.join();
    }

    private boolean fits(byte[] hash, String password) {
        var outcome = new Outcome<Boolean>();
        passwords.check(hash, password, outcome);
        return outcome.join();
    }

    @Test
    void aHashFitsItsPasswordAndNoOther() {
        byte[] hash = hash(PASSWORD);

        assertThat(new String(hash, StandardCharsets.US_ASCII))
                .startsWith("$2a$04$")
                .hasSize(60);
        assertThat(fits(hash, PASSWORD)).isTrue();
        assertThat(fits(hash, PASSWORD + " ")).isFalse();
        assertThat(hash(PASSWORD)).as("salted").isNotEqualTo(hash);
    }

    @Test
    void aHashMadeByEtcdFitsItsPassword() {
        assertThat(fits(BY_ETCD.getBytes(StandardCharsets.US_ASCII), PASSWORD)).isTrue();
        assertThat(fits(BY_ETCD.getBytes(StandardCharsets.US_ASCII), "pass-Word 1"))
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "$2a$04$", "$2a$99$aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"})
    void whatIsNoHashFitsNothing(String stored) {
        assertThat(fits(stored.getBytes(StandardCharsets.UTF_8), "")).isFalse();
    }

    @Test
    void whoIsUnknownIsComparedAllTheSame() {
        try (var costly = new Passwords(8, 1)) {
            var known = new Outcome<byte[]>();
            costly.hash("a", known);
            byte[] hash = known.join();
            long unknownNanos = 0;
            long wrongNanos = 0;
            // In turns, as the first ones are slow; by the time of the processor, as others use it as well.
            cpuNanos(costly, null);
            for (int i = 0; i < 10; i++) {
                wrongNanos += cpuNanos(costly, hash);
                unknownNanos += cpuNanos(costly, null);
            }

            assertThat((double) unknownNanos / wrongNanos).isBetween(0.6, 1.6);
        }
    }

    private static long cpuNanos(Passwords passwords, byte @Nullable [] hash) {
        long begin = cpuNow(passwords, hash);
        return cpuNow(passwords, hash) - begin;
    }

    /** After one more comparison, on the one thread that compares. */
    private static long cpuNow(Passwords passwords, byte @Nullable [] hash) {
        var now = new CompletableFuture<Long>();
        passwords.check(hash, "b", new Reply<>() {
            @Override
            public void succeed(Boolean fits) {
                assertThat(fits).isFalse();
                now.complete(ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime());
            }

            @Override
            public void fail(StoreException error) {
                now.completeExceptionally(error);
            }
        });
        return now.join();
    }

    @Test
    void aPasswordOfMoreBytesThanCountIsTooLong() {
        assertThat(Passwords.isTooLong("x".repeat(72))).isFalse();
        assertThat(Passwords.isTooLong("x".repeat(73))).isTrue();
        assertThat(Passwords.isTooLong("ö".repeat(37))).isTrue();
    }

    @Test
    void whatIsMoreThanCanWaitIsRefused() throws InterruptedException {
        var begun = new CountDownLatch(1);
        var go = new CountDownLatch(1);
        occupy(begun, go);
        begun.await();
        var waiting = new ArrayList<Outcome<byte[]>>();
        for (int i = 0; i < Passwords.WAITING_MAX; i++) {
            waiting.add(new Outcome<>());
            passwords.hash("x", waiting.getLast());
        }
        var refused = new Outcome<byte[]>();

        passwords.hash("x", refused);

        assertThat(refused.error()).isEqualTo(StoreError.TOO_MANY_REQUESTS);
        go.countDown();
        assertThat(waiting).allSatisfy(each -> assertThat(each.join()).hasSize(60));
    }

    @Test
    void whatWaitsAtTheEndIsRefused() throws InterruptedException {
        var begun = new CountDownLatch(1);
        occupy(begun, new CountDownLatch(1));
        begun.await();
        var waiting = new Outcome<byte[]>();
        passwords.hash("x", waiting);

        passwords.close();
        var later = new Outcome<byte[]>();
        passwords.hash("x", later);

        assertThat(List.of(waiting.error(), later.error())).containsOnly(StoreError.STOPPED);
    }

    private void occupy(CountDownLatch begun, CountDownLatch go) {
        passwords.hash("x", new Reply<>() {
            @Override
            public void succeed(byte[] result) {
                begun.countDown();
                try {
                    go.await();
                } catch (InterruptedException _) {
                    Thread.currentThread().interrupt();
                }
            }

            @Override
            public void fail(StoreException error) {
                throw error;
            }
        });
    }
}
