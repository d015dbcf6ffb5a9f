package dev.keelson.operator.certificates;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;

final class LeafTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final Clock CLOCK = Clock.fixed(START, ZoneOffset.UTC);
    private static final KeyPairPem AUTHORITY = Authority.create("a", CLOCK).pem();
    private static final List<String> HOSTS = List.of("c-0.c-peers.ns.svc", "127.0.0.1");

    private final String leaf =
            Authority.read(AUTHORITY, CLOCK).issue("c-0", HOSTS).certificate();

    @Test
    void isGoodForTwoThirdsOfItsLife() {
        assertThat(Leaf.isGood(leaf, AUTHORITY, HOSTS, START)).isTrue();
        assertThat(Leaf.isGood(leaf, AUTHORITY, HOSTS, START.plus(Duration.ofDays(59))))
                .isTrue();
        assertThat(Leaf.isGood(leaf, AUTHORITY, HOSTS, START.plus(Duration.ofDays(60))))
                .isFalse();
    }

    @Test
    void isNotGoodForANameThatItDoesNotHave() {
        assertThat(Leaf.isGood(leaf, AUTHORITY, List.of("elsewhere"), START)).isFalse();
    }

    @Test
    void isNotGoodUnderAnotherAuthority() {
        assertThat(Leaf.isGood(leaf, Authority.create("b", CLOCK).pem(), HOSTS, START))
                .isFalse();
    }

    @Test
    void whatIsNoCertificateIsNotGood() {
        assertThat(Leaf.isGood("", AUTHORITY, HOSTS, START)).isFalse();
    }
}
