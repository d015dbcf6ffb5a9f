package dev.keelson.mvcc;

import static dev.keelson.mvcc.Requests.everything;
import static dev.keelson.mvcc.Requests.put;
import static dev.keelson.mvcc.Requests.range;
import static dev.keelson.mvcc.Requests.show;
import static dev.keelson.mvcc.TestStore.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RangeTest {

    /** Revisions 2 to 6; b is at version 2. */
    private final TestStore store = new TestStore().with("d=1", "b=5", "a=3", "c=2", "b=4");

    private static String keys(RangeResult result) {
        return result.kvs().stream().map(kv -> Requests.text(kv.key())).collect(Collectors.joining());
    }

    private static RangeRequest filtered(long minMod, long maxMod, long minCreate, long maxCreate) {
        return new RangeRequest(
                Requests.bytes("\0"),
                Requests.bytes("\0"),
                0,
                0,
                SortOrder.NONE,
                SortTarget.KEY,
                false,
                false,
                false,
                minMod,
                maxMod,
                minCreate,
                maxCreate);
    }

    private static RangeRequest keysOnly(SortTarget target) {
        return new RangeRequest(
                Requests.bytes("\0"),
                Requests.bytes("\0"),
                0,
                0,
                SortOrder.NONE,
                target,
                false,
                true,
                false,
                0,
                0,
                0,
                0);
    }

    @ParameterizedTest
    @CsvSource({
        "b, '', b", // the single key
        "e, '', ''",
        "b, d, bc", // the end is exclusive
        "b, dd, bcd",
        "c, a, ''", // an end before the key is an empty range, no error
        "c, c, ''",
        "b, ZERO, bcd", // from the key on
        "ZERO, ZERO, abcd",
        "ZERO, c, ab"
    })
    void aRangeEndMeansWhatItMeansInEtcd(String key, String end, String expected) {
        for (long revision : new long[] {0, 6}) {
            RangeRequest request = range(key.replace("ZERO", "\0"), end.replace("ZERO", "\0"));
            RangeResult result = store.range(request.at(revision));
            assertThat(keys(result)).isEqualTo(expected);
            assertThat(result.count()).isEqualTo(expected.length());
            assertThat(store.with("z=1").range(request.at(6)).kvs())
                    .usingRecursiveComparison()
                    .isEqualTo(result.kvs());
            long _ = store.delete("z", "").revision();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "KEY, ASCEND, abcd",
        "KEY, DESCEND, dcba",
        "KEY, NONE, abcd",
        "VERSION, ASCEND, acdb",
        "VERSION, DESCEND, bacd",
        "CREATE, ASCEND, dbac",
        "CREATE, DESCEND, cabd",
        "MOD, ASCEND, dacb",
        "MOD, NONE, dacb",
        "MOD, DESCEND, bcad",
        "VALUE, ASCEND, dcab",
        "VALUE, NONE, dcab",
        "VALUE, DESCEND, bacd"
    })
    void aTargetWithoutAnOrderAscends(SortTarget target, SortOrder order, String expected) {
        assertThat(keys(store.range(everything().sortedBy(target, order)))).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "KEY, NONE, ab",
        "KEY, DESCEND, dc",
        "MOD, ASCEND, da", // the whole range is sorted, then cut
        "MOD, NONE, ac" // etcd reads a, b and c, one more than the limit, sorts them to a, c, b, and cuts
    })
    void theLimitComesAfterTheSortUnlessNoOrderIsNamed(SortTarget target, SortOrder order, String expected) {
        RangeResult result = store.range(everything().sortedBy(target, order).limitedTo(2));
        assertThat(keys(result)).isEqualTo(expected);
        assertThat(result.more()).isTrue();
        assertThat(result.count()).isEqualTo(4);
    }

    @ParameterizedTest
    @CsvSource({"0, false", "-1, false", "3, true", "4, false", "5, false", "9223372036854775807, false"})
    void moreMeansThatTheLimitLeftKeysOut(long limit, boolean more) {
        for (long revision : new long[] {0, 6}) {
            RangeResult result = store.range(everything().limitedTo(limit).at(revision));
            assertThat(result.more()).isEqualTo(more);
            assertThat(result.kvs()).hasSize(limit == 3 ? 3 : 4);
            assertThat(result.count()).isEqualTo(4);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "3, 0, 0, 0, abc",
        "0, 4, 0, 0, ad",
        "4, 5, 0, 0, ac",
        "0, 0, 3, 0, abc",
        "0, 0, 0, 3, bd",
        "0, 0, 3, 4, ab",
        "5, 0, 0, 3, b"
    })
    void filtersChooseKeysButCountDoesNot(long minMod, long maxMod, long minCreate, long maxCreate, String expected) {
        RangeResult result = store.range(filtered(minMod, maxMod, minCreate, maxCreate));
        assertThat(keys(result)).isEqualTo(expected);
        assertThat(result.count()).isEqualTo(4);
    }

    @Test
    void theLimitComesAfterTheFilters() {
        RangeResult result = store.range(filtered(5, 0, 0, 0).limitedTo(1));
        assertThat(keys(result)).isEqualTo("b");
        assertThat(result.more()).isTrue();
        assertThat(store.range(filtered(5, 0, 0, 0).limitedTo(2)).more()).isFalse();
    }

    @Test
    void keysOnlyLeavesOutTheLeaseTooUnlessItHadToReadTheValues() {
        store.grant(7);
        PutResult _ = store.put(put("a", "9", 7));
        assertThat(show(store.range(keysOnly(SortTarget.KEY)).kvs().getFirst())).isEqualTo("a=@4/7/v2");
        assertThat(show(store.range(keysOnly(SortTarget.KEY).at(6)).kvs().getFirst()))
                .isEqualTo("a=@4/4/v1");
        assertThat(show(store.range(keysOnly(SortTarget.VALUE)).kvs().getLast()))
                .isEqualTo("a=@4/7/v2/lease7");
    }

    @Test
    void anOldRevisionShowsTheKeysAsTheyWere() {
        DeleteRangeResult _ = store.delete("a", "c");
        assertThat(store.all(0)).isEqualTo("[c=2@5/5/v1 d=1@2/2/v1]");
        assertThat(store.all(6)).isEqualTo("[a=3@4/4/v1 b=4@3/6/v2 c=2@5/5/v1 d=1@2/2/v1]");
        assertThat(store.all(4)).isEqualTo("[a=3@4/4/v1 b=5@3/3/v1 d=1@2/2/v1]");
        assertThat(store.all(1)).isEqualTo("[]");
        assertThat(store.range(everything().at(4)).revision()).as("header").isEqualTo(7);
    }

    @Test
    void aRevisionMustLieBetweenTheCompactedAndTheNewest() {
        long _ = store.compact(4);
        assertRefused(() -> store.range(everything().at(7)), StoreError.FUTURE_REVISION);
        assertRefused(() -> store.range(everything().at(3)), StoreError.COMPACTED);
        assertThat(keys(store.range(everything().at(4)))).isEqualTo("abd");
        assertThat(keys(store.range(everything().at(-5)))).as("the newest").isEqualTo("abcd");
    }

    @Test
    void aKeyWithManyVersionsIsJumpedOver() {
        for (int i = 0; i < 50; i++) {
            store.with("b=" + i);
        }
        assertThat(store.all(6)).isEqualTo("[a=3@4/4/v1 b=4@3/6/v2 c=2@5/5/v1 d=1@2/2/v1]");
        assertThat(store.all(2)).isEqualTo("[d=1@2/2/v1]");
        assertThat(store.all(55)).isEqualTo("[a=3@4/4/v1 b=48@3/55/v51 c=2@5/5/v1 d=1@2/2/v1]");
    }
}
