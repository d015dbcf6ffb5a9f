package dev.keelson.engine.auth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keelson.engine.auth.Permission.Kind;
import dev.keelson.mvcc.KeyRange;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class GrantsTest {

    private static final String OPEN = "\0";
    private static final String SINGLE = "";

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static Permission permission(String key, String rangeEnd) {
        return new Permission(Kind.READ, bytes(key), bytes(rangeEnd));
    }

    private static boolean covers(List<Permission> permissions, String key, String rangeEnd) {
        return Grants.of(permissions).cover(KeyRange.of(bytes(key), bytes(rangeEnd)));
    }

    @Test
    void nothingIsCoveredByNothing() {
        assertThat(covers(List.of(), "a", SINGLE)).isFalse();
        assertThat(covers(List.of(), "a", "b")).isFalse();
    }

    @Test
    void aSingleKeyCoversNoRangeThatBeginsWithIt() {
        List<Permission> one = List.of(permission("k", SINGLE));

        assertThat(covers(one, "k", SINGLE)).isTrue();
        assertThat(covers(one, "k", "l")).isFalse();
        assertThat(covers(one, "k", OPEN)).isFalse();
        assertThat(covers(one, "k\0", SINGLE)).isFalse();
        assertThat(covers(one, "k", "k\0")).isTrue();
    }

    @Test
    void permissionsThatTouchCoverARangeTogether() {
        List<Permission> two = List.of(permission("c", "e"), permission("a", "c"));

        assertThat(covers(two, "b", "d")).isTrue();
        assertThat(covers(two, "a", "e")).isTrue();
        assertThat(covers(two, "a", "f")).isFalse();
    }

    @Test
    void aGapBetweenPermissionsIsNotCovered() {
        List<Permission> two = List.of(permission("a", "b"), permission("b\0", "c"));

        assertThat(covers(two, "a", "c")).isFalse();
        assertThat(covers(two, "b", SINGLE)).isFalse();
        assertThat(covers(List.of(two.get(0), permission("b", SINGLE), two.get(1)), "a", "c"))
                .isTrue();
    }

    @Test
    void anOpenRangeNeedsAnOpenPermission() {
        List<Permission> open = List.of(permission("m", OPEN));

        assertThat(covers(open, "m", OPEN)).isTrue();
        assertThat(covers(open, "z", "zz")).isTrue();
        assertThat(covers(open, "l", OPEN)).isFalse();
        assertThat(covers(List.of(permission("a", "zzzz")), "b", OPEN)).isFalse();
        assertThat(covers(List.of(permission(OPEN, OPEN)), OPEN, OPEN)).isTrue();
    }

    @Test
    void anOpenPermissionSwallowsThoseBehindItsBegin() {
        List<Permission> three = List.of(permission("n", "o"), permission("m", OPEN), permission("p", SINGLE));

        assertThat(covers(three, "n", "z")).isTrue();
    }

    @Test
    void ofARangeThatEndsBeforeItBeginsTheFirstKeyDecides() {
        List<Permission> one = List.of(permission("b", "d"));

        assertThat(covers(one, "c", "a")).isTrue();
        assertThat(covers(one, "a", "a")).isFalse();
    }

    @Test
    void aPermissionThatNamesNoKeyGrantsNothing() {
        assertThat(covers(List.of(permission("d", "b")), "c", SINGLE)).isFalse();
        assertThat(covers(List.of(permission("", OPEN)), "c", SINGLE)).isFalse();
    }

    /** Keys of one letter; a range of them is covered if each of its keys is, and nothing lies between letters. */
    @Test
    void agreesWithCountingKeys() {
        var random = new Random(5);
        for (int round = 0; round < 5_000; round++) {
            var permissions = new ArrayList<Permission>();
            boolean[] granted = new boolean[26];
            for (int n = random.nextInt(5); n > 0; n--) {
                int lo = random.nextInt(26);
                int hi = lo + 1 + random.nextInt(26 - lo);
                permissions.add(permission(letter(lo), hi == 26 ? OPEN : letter(hi)));
                java.util.Arrays.fill(granted, lo, hi, true);
            }
            int lo = random.nextInt(26);
            int hi = lo + 1 + random.nextInt(26 - lo);
            boolean all = true;
            for (int key = lo; key < hi; key++) {
                all &= granted[key];
            }
            assertThat(covers(permissions, letter(lo), hi == 26 ? OPEN : letter(hi)))
                    .as("round %d", round)
                    .isEqualTo(all);
        }
    }

    private static String letter(int at) {
        return String.valueOf((char) ('a' + at));
    }
}
