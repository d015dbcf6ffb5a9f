package dev.keelson.mvcc.watch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RangeTreeTest {

    private static final int STEPS = 20_000;
    private static final int RANGES_MAX = 200;

    private final SplittableRandom random = new SplittableRandom(7);
    private final RangeTree tree = new RangeTree();
    private final List<WatchGroup> groups = new ArrayList<>();

    @Test
    void theRangesAroundAKeyAreThoseThatASearchOfAllFinds() {
        int found = 0;
        for (int step = 0; step < STEPS; step++) {
            if (groups.size() < random.nextInt(RANGES_MAX)) {
                addRange();
            } else if (!groups.isEmpty()) {
                WatchGroup removed = groups.remove(random.nextInt(groups.size()));
                tree.remove(removed);
                assertThat(tree.get(removed.lo, removed.hi)).isNull();
            }
            byte[] key = key();
            var around = new ArrayList<WatchGroup>();
            tree.around(key, around);
            assertThat(around)
                    .containsExactlyInAnyOrderElementsOf(groups.stream()
                            .filter(group -> contains(group, key))
                            .toList());
            found += around.size();
        }
        assertThat(found).isGreaterThan(STEPS);
    }

    private void addRange() {
        byte[] lo = key();
        byte[] hi = random.nextInt(8) == 0 ? null : key();
        if (hi != null && Arrays.compareUnsigned(lo, hi) >= 0) {
            return;
        }
        WatchGroup known = groups.stream()
                .filter(group -> Arrays.equals(group.lo, lo) && Arrays.equals(group.hi, hi))
                .findFirst()
                .orElse(null);
        assertThat(tree.get(lo, hi)).isSameAs(known);
        if (known == null) {
            var group = new WatchGroup(lo, hi, false);
            groups.add(group);
            tree.add(group);
        }
    }

    private static boolean contains(WatchGroup group, byte[] key) {
        byte @Nullable [] hi = group.hi;
        return Arrays.compareUnsigned(group.lo, key) <= 0 && (hi == null || Arrays.compareUnsigned(key, hi) < 0);
    }

    private byte[] key() {
        byte[] key = new byte[random.nextInt(1, 3)];
        for (int i = 0; i < key.length; i++) {
            key[i] = (byte) random.nextInt(-8, 8);
        }
        return key;
    }

    @Test
    void manyRangesInOrderMakeNoDeepTree() {
        for (int i = 0; i < 100_000; i++) {
            byte[] lo = {(byte) (i >> 16), (byte) (i >> 8), (byte) i};
            tree.add(new WatchGroup(lo, new byte[] {(byte) (i >> 16), (byte) (i >> 8), (byte) i, 0}, false));
        }
        assertThat(tree.height()).isLessThan(25);
        var around = new ArrayList<WatchGroup>();
        tree.around(new byte[] {0, 1, 2}, around);
        assertThat(around).hasSize(1);
    }
}
