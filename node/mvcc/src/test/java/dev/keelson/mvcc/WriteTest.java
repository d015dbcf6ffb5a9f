package dev.keelson.mvcc;

import static dev.keelson.mvcc.Requests.bytes;
import static dev.keelson.mvcc.Requests.delete;
import static dev.keelson.mvcc.Requests.put;
import static dev.keelson.mvcc.Requests.show;
import static dev.keelson.mvcc.TestStore.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keelson.mvcc.backend.Family;
import dev.keelson.mvcc.backend.InMemoryBackend;
import dev.keelson.mvcc.key.LeaseKey;
import org.junit.jupiter.api.Test;

class WriteTest {

    private final TestStore store = new TestStore();

    private static PutRequest keeping(String value, long lease, boolean ignoreValue, boolean ignoreLease) {
        return new PutRequest(bytes("a"), bytes(value), lease, true, ignoreValue, ignoreLease);
    }

    private boolean isAttached(long lease, String key) {
        return store.backend.get(Family.LEASE_KEYS, LeaseKey.of(lease, bytes(key))) != null;
    }

    @Test
    void aNewStoreIsAtRevisionOneAndItsFirstWriteMakesTwo() {
        assertThat(store.store.revision()).isEqualTo(1);
        assertThat(store.store.compactRevision()).isEqualTo(-1);
        assertThat(store.put(put("a", "1")).revision()).isEqualTo(2);
        assertThat(store.store.revision()).isEqualTo(2);
    }

    @Test
    void aPutCountsVersionsAndKeepsTheCreateRevision() {
        store.with("a=1", "b=1");
        assertThat(show(store.put(put("a", "2", 0)))).isEqualTo("4 put over a=1@2/2/v1");
        assertThat(store.all(0)).isEqualTo("[a=2@2/4/v2 b=1@3/3/v1]");
    }

    @Test
    void aKeyCreatedAgainStartsAtVersionOne() {
        store.with("a=1", "a=2");
        DeleteRangeResult _ = store.delete("a", "");
        assertThat(show(store.put(put("a", "3", 0)))).isEqualTo("5 put");
        assertThat(store.all(0)).isEqualTo("[a=3@5/5/v1]");
    }

    @Test
    void aDeleteAnswersHowManyAndWhich() {
        store.with("a=1", "b=2", "c=3");
        assertThat(show(store.delete("a", "c"))).isEqualTo("5 deleted 2[a=1@2/2/v1 b=2@3/3/v1]");
    }

    @Test
    void aDeleteOfNothingTakesNoRevision() {
        store.with("a=1");
        assertThat(show(store.delete("b", ""))).isEqualTo("2 deleted 0[]");
        assertThat(show(store.delete("b", "a"))).isEqualTo("2 deleted 0[]");
        assertThat(store.put(put("a", "2")).revision()).isEqualTo(3);
    }

    @Test
    void ignoreFlagsKeepWhatTheKeyHas() {
        store.grant(7);
        store.grant(8);
        PutResult _ = store.put(put("a", "1", 7));
        PutResult _ = store.put(keeping("2", 0, false, true));
        assertThat(store.all(0)).isEqualTo("[a=2@2/3/v2/lease7]");
        PutResult _ = store.put(keeping("", 8, true, false));
        assertThat(store.all(0)).isEqualTo("[a=2@2/4/v3/lease8]");
        PutResult _ = store.put(keeping("", 0, true, true));
        assertThat(store.all(0)).isEqualTo("[a=2@2/5/v4/lease8]");
    }

    @Test
    void nothingCanBeKeptOfAKeyThatIsNotThere() {
        assertRefused(() -> store.put(keeping("", 0, true, false)), StoreError.KEY_NOT_FOUND);
        assertRefused(() -> store.put(keeping("1", 0, false, true)), StoreError.KEY_NOT_FOUND);
        assertThat(store.store.revision()).isEqualTo(1);
    }

    @Test
    void anUnknownLeaseIsToldBeforeAMissingKey() {
        assertRefused(() -> store.put(put("a", "1", 7)), StoreError.LEASE_NOT_FOUND);
        assertRefused(() -> store.put(keeping("", 7, true, false)), StoreError.LEASE_NOT_FOUND);
        assertThat(store.store.revision()).isEqualTo(1);
    }

    @Test
    void aPutMovesTheKeyFromOneLeaseToTheOther() {
        store.grant(7);
        store.grant(8);
        PutResult _ = store.put(put("a", "1", 7));
        assertThat(isAttached(7, "a")).isTrue();
        PutResult _ = store.put(put("a", "1", 8));
        assertThat(isAttached(7, "a")).isFalse();
        assertThat(isAttached(8, "a")).isTrue();
        PutResult _ = store.put(put("a", "1"));
        assertThat(isAttached(8, "a")).isFalse();
    }

    @Test
    void aRevokedLeaseTakesItsKeysInOneRevision() {
        store.grant(7);
        store.grant(-1);
        PutResult _ = store.put(put("b", "1", 7));
        PutResult _ = store.put(put("a", "1", 7));
        PutResult _ = store.put(put("c", "1", -1));
        DeleteRangeResult result = store.write(batch -> batch.revokeLease(7));
        assertThat(show(result)).isEqualTo("5 deleted 2[]");
        assertThat(store.all(0)).isEqualTo("[c=1@4/4/v1/lease-1]");
        assertRefused(() -> store.write(batch -> batch.revokeLease(7)), StoreError.LEASE_NOT_FOUND);
        assertThat(store.write(batch -> batch.revokeLease(-1)).deleted()).isEqualTo(1);
        assertThat(store.all(0)).isEqualTo("[]");
    }

    @Test
    void laterOperationsOfABatchSeeEarlierOnes() {
        StoreBatch batch = store.store.begin();
        PutResult _ = batch.put(put("a", "1"));
        PutResult _ = batch.put(put("b", "1"));
        assertThat(show(batch.put(put("a", "2", 0)))).isEqualTo("4 put over a=1@2/2/v1");
        assertThat(show(batch.deleteRange(delete("b", "")))).isEqualTo("5 deleted 1[b=1@3/3/v1]");
        assertThat(show(batch.range(Requests.everything()))).isEqualTo("5 1[a=2@2/4/v2]");
        assertThat(show(batch.range(Requests.everything().at(3)))).isEqualTo("5 2[a=1@2/2/v1 b=1@3/3/v1]");
        assertThat(store.store.revision()).as("nothing is published yet").isEqualTo(1);
        batch.commit();
        assertThat(store.all(0)).isEqualTo("[a=2@2/4/v2]");
        assertThat(store.backend.unflushedWrites()).as("one write for all").isEqualTo(1);
    }

    @Test
    void metaRowsAreWrittenWithTheBatch() {
        StoreBatch batch = store.store.begin();
        batch.putMeta("members/2", bytes("two"));
        batch.putMeta("members/1", bytes("one"));
        batch.putMeta("membership", bytes("x"));
        assertThat(batch.meta("members/1")).isEqualTo(bytes("one"));
        batch.deleteMeta("membership");
        assertThat(batch.meta("membership")).isNull();
        batch.commit();
        try (ReadView view = store.store.view()) {
            assertThat(view.metaPrefix("members/")).containsOnlyKeys("members/1", "members/2");
            assertThat(view.meta("members/2")).isEqualTo(bytes("two"));
            assertThat(view.meta("membership")).isNull();
        }
        assertThat(store.backend.get(Family.META, MvccStore.metaKey("members/1")))
                .isEqualTo(bytes("one"));
    }

    @Test
    void theStoresOwnMetaRowsAreNotForOthers() {
        StoreBatch batch = store.store.begin();
        assertThatThrownBy(() -> batch.putMeta("store.state", bytes("")))
                .isInstanceOf(InvariantViolation.class)
                .hasMessage("the META row store.state is the store's own");
    }

    @Test
    void aViewKeepsWhatItShowsUntilItIsClosed() {
        store.with("a=1", "a=2");
        try (ReadView before = store.store.view()) {
            store.with("a=3");
            store.compactFully(4);
            assertThat(show(before.range(Requests.everything()))).isEqualTo("3 1[a=2@2/3/v2]");
            assertThat(show(before.range(Requests.everything().at(2)))).isEqualTo("3 1[a=1@2/2/v1]");
            assertThat(before.compactRevision()).isEqualTo(-1);
        }
        assertThat(store.all(0)).isEqualTo("[a=3@2/4/v3]");
    }

    @Test
    void aSecondBatchMustWaitForTheFirst() {
        StoreBatch first = store.store.begin();
        assertThatThrownBy(store.store::begin).isInstanceOf(InvariantViolation.class);
        first.commit();
        store.store.begin().commit();
    }

    @Test
    void anOpenedStoreIsTheOneThatWasWritten() {
        store.grant(7);
        PutResult _ = store.put(put("a", "1", 7));
        store.with("b=2");
        long _ = store.compact(2);
        InMemoryBackend backend = store.backend;
        var opened = new TestStore(backend);
        assertThat(opened.store.revision()).isEqualTo(3);
        assertThat(opened.store.compactRevision()).isEqualTo(2);
        assertThat(opened.all(0)).isEqualTo("[a=1@2/2/v1/lease7 b=2@3/3/v1]");
        assertThat(opened.hash(0)).isEqualTo(store.hash(0));
        assertThat(opened.store.sizeInUseBytes()).isEqualTo(store.store.sizeInUseBytes());
    }
}
