package dev.keelson.mvcc;

import static dev.keelson.mvcc.Requests.everything;
import static dev.keelson.mvcc.Requests.put;
import static dev.keelson.mvcc.Requests.txn;
import static dev.keelson.mvcc.TestStore.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keelson.mvcc.backend.Cursor;
import dev.keelson.mvcc.backend.Family;
import dev.keelson.mvcc.backend.InMemoryBackend;
import dev.keelson.mvcc.key.RevisionKey;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class CompactionTest {

    /** Revisions: a 2, b 3, a 4, b deleted 5, a 6. */
    private final TestStore store = filled(new TestStore());

    private static TestStore filled(TestStore store) {
        store.with("a=1", "b=1", "a=2");
        DeleteRangeResult _ = store.delete("b", "");
        return store.with("a=3");
    }

    private static String history(TestStore store) {
        var shown = new StringBuilder();
        try (Cursor cursor = store.backend.ascend(Family.HISTORY, Requests.NONE, null)) {
            for (; cursor.isValid(); cursor.next()) {
                shown.append(RevisionKey.main(cursor.key())).append(RevisionKey.isTombstone(cursor.key()) ? "t " : " ");
            }
        }
        return shown.toString().strip();
    }

    private static Compaction pending(TestStore store) {
        return Objects.requireNonNull(store.store.pendingCompaction());
    }

    @Test
    void aRevisionMustLieAboveTheLastOneAndNotAboveTheNewest() {
        assertThat(store.compact(4)).isEqualTo(6);
        assertRefused(() -> store.compact(4), StoreError.COMPACTED);
        assertRefused(() -> store.compact(3), StoreError.COMPACTED);
        assertRefused(() -> store.compact(7), StoreError.FUTURE_REVISION);
        assertThat(store.compact(6)).isEqualTo(6);
    }

    @Test
    void theNewestVersionOfALiveKeyStays() {
        store.compactFully(4);
        assertThat(history(store)).isEqualTo("3 4 5t 6");
        assertThat(store.all(4)).isEqualTo("[a=2@2/4/v2 b=1@3/3/v1]");
    }

    @Test
    void aTombstoneExactlyAtTheRevisionStays() {
        store.compactFully(5);
        assertThat(history(store)).isEqualTo("4 5t 6");
    }

    @Test
    void aTombstoneBeforeItGoesAlsoWhenItWasKeptOnce() {
        store.compactFully(5);
        store.compactFully(6);
        assertThat(history(store)).isEqualTo("6");
        assertThat(store.all(0)).isEqualTo("[a=3@2/6/v3]");
    }

    @Test
    void itWorksInStepsAndTheRevisionsAreKnownAtOnce() {
        long _ = store.compact(6);
        assertRefused(() -> store.range(everything().at(5)), StoreError.COMPACTED);
        assertThat(store.store.finishedCompactRevision()).isEqualTo(-1);
        Compaction compaction = pending(store);
        assertThat(compaction.step(3)).isTrue();
        assertThat(history(store)).isEqualTo("3 4 5t 6");
        assertThat(store.store.pendingCompaction()).isSameAs(compaction);
        assertThat(compaction.step(3)).isFalse();
        assertThat(history(store)).isEqualTo("6");
        assertThat(compaction.step(3)).isFalse();
        assertThat(store.store.finishedCompactRevision()).isEqualTo(6);
        assertThat(store.store.pendingCompaction()).isNull();
    }

    @Test
    void writesGoOnBesideIt() {
        long _ = store.compact(6);
        Compaction compaction = pending(store);
        assertThat(compaction.step(2)).isTrue();
        StoreBatch batch = store.store.begin();
        PutResult _ = batch.put(put("b", "new"));
        assertThat(compaction.step(1)).isTrue();
        batch.commit();
        assertThat(compaction.step(9)).isFalse();
        assertThat(history(store)).isEqualTo("6 7");
        assertThat(store.all(6)).isEqualTo("[a=3@2/6/v3]");
        assertThat(store.all(0)).isEqualTo("[a=3@2/6/v3 b=new@7/7/v1]");
    }

    @Test
    void anUnfinishedOneGoesOnAfterARestart() {
        long _ = store.compact(6);
        assertThat(pending(store).step(3)).isTrue();
        var restarted = new TestStore(store.backend);
        assertThat(restarted.store.compactRevision()).isEqualTo(6);
        Compaction compaction = pending(restarted);
        assertThat(compaction.revision()).isEqualTo(6);
        assertThat(compaction.step(100)).isFalse();
        assertThat(history(restarted)).isEqualTo("6");
        assertThat(new TestStore(store.backend).store.pendingCompaction()).isNull();
    }

    @Test
    void oneThatIsOrderedMeanwhileComesNext() {
        long _ = store.compact(4);
        Compaction first = pending(store);
        long _ = store.compact(6);
        assertThat(store.store.pendingCompaction()).isSameAs(first);
        assertThat(first.step(100)).isFalse();
        assertThat(pending(store).revision()).isEqualTo(6);
    }

    /** etcd issue 17780: with nothing but a tombstone left, etcd took an older revision for its newest after a crash. */
    @Test
    void theRevisionDoesNotFallWhenTheNewestRowsAreGone() {
        DeleteRangeResult _ = store.delete("a", "");
        DeleteRangeResult _ = store.delete("nothing", "");
        store.with("z=1");
        DeleteRangeResult _ = store.delete("z", "");
        store.compactFully(9);
        assertThat(history(store)).isEqualTo("9t");
        var restarted = new TestStore(store.backend);
        assertThat(restarted.store.revision()).isEqualTo(9);
        assertThat(restarted.put(put("a", "1")).revision()).isEqualTo(10);
    }

    @Test
    void theHashDoesNotDependOnHowFarItHasCome() {
        TestStore other = filled(new TestStore(new InMemoryBackend()));
        long _ = store.compact(5);
        other.compactFully(5);
        for (long revision : new long[] {0, 5, 6}) {
            assertThat(store.hash(revision)).isEqualTo(other.hash(revision));
        }
        assertThat(store.hash(0).compactRevision()).isEqualTo(5);
        assertRefused(() -> store.hash(4), StoreError.COMPACTED);
        assertRefused(() -> store.hash(7), StoreError.FUTURE_REVISION);
    }

    @Test
    void theHashOfAllRowsDoesNotChangeOnRestart() {
        var restarted = new TestStore(store.backend);
        try (ReadView before = store.store.view();
                ReadView after = restarted.store.view()) {
            assertThat(after.hash()).isEqualTo(before.hash());
        }
    }

    @Test
    void aKeyPutAndDeletedInTheRevisionOfTheCompactionIsKeptAsATombstone() {
        TxnResult _ = store.txn(txn(txn(put("c", "1")), txn(Requests.delete("c", ""))));
        store.compactFully(7);
        assertThat(history(store)).isEqualTo("6 7t");
        store.with("c=2");
        store.compactFully(8);
        assertThat(history(store)).isEqualTo("6 8");
    }

    @Test
    void sizeInUseFallsAndSizeStaysUntilTheSpaceIsFilledAgain() {
        String value = "x".repeat(1000);
        for (int i = 0; i < 20; i++) {
            store.with("big=" + value);
        }
        long full = store.store.sizeBytes();
        assertThat(store.store.sizeInUseBytes()).isEqualTo(full).isGreaterThan(20_000);
        store.compactFully(store.store.revision());
        assertThat(store.store.sizeBytes()).isEqualTo(full);
        long inUse = store.store.sizeInUseBytes();
        assertThat(inUse).isLessThan(full - 18_000);
        store.with("big=" + value);
        assertThat(store.store.sizeBytes()).isEqualTo(full);
        assertThat(store.store.sizeInUseBytes()).isGreaterThan(inUse);
        assertThat(new TestStore(store.backend).store.sizeBytes()).isEqualTo(full);
    }

    @Test
    void reclaimingMakesTheSizeWhatIsInUse() {
        store.compactFully(6);
        assertThat(store.store.sizeBytes()).isGreaterThan(store.store.sizeInUseBytes());
        Object _ = store.write(batch -> {
            batch.reclaim();
            return batch;
        });
        assertThat(store.store.sizeBytes()).isEqualTo(store.store.sizeInUseBytes());
    }
}
