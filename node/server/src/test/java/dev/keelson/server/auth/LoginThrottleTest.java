package dev.keelson.server.auth;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import org.junit.jupiter.api.Test;

final class LoginThrottleTest {

    private static final long NOW = 1_000_000;

    private final LoginThrottle throttle = new LoginThrottle(42);

    private static SocketAddress from(String address) {
        return new InetSocketAddress(address, 1);
    }

    private int admitted(String user, SocketAddress source, int attempts, long nowMillis) {
        int admitted = 0;
        for (int i = 0; i < attempts; i++) {
            admitted += throttle.admit(user, source, nowMillis) ? 1 : 0;
        }
        return admitted;
    }

    @Test
    void aPlaceThatKeepsFailingIsSlowedDown() {
        assertThat(admitted("a", from("10.0.0.1"), 50, NOW)).isEqualTo(LoginThrottle.SOURCE_FAILURES_MAX);

        long later = NOW + 3 * LoginThrottle.SOURCE_FAILURE_EVERY_MILLIS;
        assertThat(admitted("b", from("10.0.0.1"), 50, later)).isEqualTo(3);
        assertThat(admitted("a", from("10.0.0.2"), 1, later)).isEqualTo(1);
    }

    @Test
    void aUserWhoIsTriedFromManyPlacesIsSlowedDownAndOthersAreNot() {
        int admitted = 0;
        for (int i = 0; i < 200; i++) {
            admitted += admitted("root", from("10.0.1." + i), 1, NOW);
        }

        assertThat(admitted).isEqualTo(LoginThrottle.USER_FAILURES_MAX);
        assertThat(throttle.admit("alice", from("10.0.1.3"), NOW)).isTrue();
        assertThat(throttle.admit("root", from("10.0.2.1"), NOW + LoginThrottle.USER_FAILURE_EVERY_MILLIS))
                .isTrue();
    }

    @Test
    void onePlaceCannotUseUpWhatAUserHas() {
        for (long now = NOW; now < NOW + 3_600_000; now += 100) {
            throttle.admit("root", from("10.0.0.1"), now);
        }

        assertThat(throttle.admit("root", from("10.0.0.2"), NOW + 3_600_000)).isTrue();
    }

    @Test
    void loginsThatSucceedCostNothing() {
        for (int i = 0; i < 1_000; i++) {
            assertThat(throttle.admit("a", from("10.0.0.1"), NOW)).isTrue();
            throttle.succeeded("a", from("10.0.0.1"));
        }
    }

    @Test
    void manyAtOncePassNoMoreThanOneAfterTheOther() {
        int admitted = admitted("a", from("10.0.0.1"), 1_000, NOW);
        throttle.succeeded("a", from("10.0.0.1"));

        assertThat(admitted).isEqualTo(LoginThrottle.SOURCE_FAILURES_MAX);
        assertThat(admitted("a", from("10.0.0.1"), 1_000, NOW)).isEqualTo(1);
    }

    @Test
    void addressesOfOneNetworkAreOnePlace() {
        int admitted = 0;
        for (int i = 0; i < 50; i++) {
            admitted += admitted("a", from("2001:db8:1:2:3:4:5:" + i), 1, NOW);
        }

        assertThat(admitted).isEqualTo(LoginThrottle.SOURCE_FAILURES_MAX);
        assertThat(throttle.admit("a", from("2001:db8:1:3::1"), NOW)).isTrue();
    }

    @Test
    void aMillionNamesNeedNoMoreMemoryAndAreForgottenWithTime() {
        for (int i = 0; i < 1_000_000; i++) {
            throttle.admit("user" + i, from("10.0.0.1"), NOW + i);
        }

        assertThat(admitted("a", from("10.9.9.9"), 50, NOW + 10_000_000)).isEqualTo(LoginThrottle.SOURCE_FAILURES_MAX);
    }
}
