package dev.keelson.engine.apply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keelson.engine.NodeLimits;
import dev.keelson.engine.auth.Auth;
import dev.keelson.engine.auth.AuthListener;
import dev.keelson.engine.maintenance.Alarms;
import dev.keelson.engine.maintenance.Downgrade;
import dev.keelson.engine.membership.Membership;
import dev.keelson.mvcc.MvccStore;
import dev.keelson.mvcc.PutRequest;
import dev.keelson.mvcc.RangeRequest;
import dev.keelson.mvcc.ReadView;
import dev.keelson.mvcc.StoreBatch;
import dev.keelson.mvcc.StoreError;
import dev.keelson.mvcc.StoreException;
import dev.keelson.mvcc.backend.InMemoryBackend;
import dev.keelson.mvcc.key.LeaseRow;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LeaseApplyTest {

    private static final long TERM = 4;

    private final MvccStore store = MvccStore.open(new InMemoryBackend());
    private final List<LeaseChange> changes = new ArrayList<>();
    private final Applier applier = new Applier(
            read(Membership::load),
            read(view -> new Auth(view, AuthListener.NONE)),
            read(Alarms::load),
            read(Downgrade::load),
            changes::add);
    private long index = 100;

    private <T> T read(Function<ReadView, T> read) {
        try (ReadView view = store.view()) {
            return read.apply(view);
        }
    }

    private @Nullable LeaseRow stored(long id) {
        try (ReadView view = store.view()) {
            return view.lease(id);
        }
    }

    private Object apply(Command command) {
        StoreBatch batch = store.begin();
        try {
            return applier.apply(batch, command, new AppliedPoint(++index, TERM));
        } finally {
            batch.commit();
        }
    }

    private void refused(Command command, StoreError error) {
        assertThatThrownBy(() -> apply(command))
                .isInstanceOfSatisfying(
                        StoreException.class,
                        refusal -> assertThat(refusal.error()).isEqualTo(error));
    }

    private void put(String key, long lease) {
        apply(new Command.Write(new PutRequest(bytes(key), bytes("v"), lease, false, false, false)));
    }

    private List<String> keys() {
        return read(view -> view.range(RangeRequest.of(new byte[] {0}, new byte[] {0}))).kvs().stream()
                .map(kv -> new String(kv.key(), StandardCharsets.UTF_8))
                .toList();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void aGrantIsStoredWithItsPlaceInTheLog() {
        apply(new Command.LeaseGrant(7, 60));

        assertThat(stored(7)).isEqualTo(new LeaseRow(7, 60, 0, 101));
        assertThat(changes).containsExactly(new LeaseChange.Granted(7, 101, 60));
    }

    @Test
    void aGrantOfAnIdInUseOrOfTooLongATimeIsRefusedTheLatterFirst() {
        apply(new Command.LeaseGrant(7, 60));
        changes.clear();

        refused(new Command.LeaseGrant(7, 5), StoreError.LEASE_EXISTS);
        refused(new Command.LeaseGrant(7, NodeLimits.LEASE_TTL_SECONDS_MAX + 1), StoreError.LEASE_TTL_TOO_LARGE);
        refused(new Command.LeaseGrant(0, 5), StoreError.LEASE_NOT_FOUND);
        assertThat(changes).isEmpty();
        assertThat(stored(7)).isEqualTo(new LeaseRow(7, 60, 0, 101));
    }

    @Test
    void aRevokeDeletesTheKeysInOneRevisionAndTheLeaseWithThem() {
        apply(new Command.LeaseGrant(7, 60));
        put("b", 7);
        put("a", 7);
        put("c", 0);
        long before = store.revision();

        Object revision = apply(new Command.LeaseRevoke(7));

        assertThat(revision).isEqualTo(before + 1);
        assertThat(store.revision()).isEqualTo(before + 1);
        assertThat(keys()).containsExactly("c");
        assertThat(stored(7)).isNull();
        assertThat(changes).endsWith(new LeaseChange.Revoked(7));
        refused(new Command.LeaseRevoke(7), StoreError.LEASE_NOT_FOUND);
    }

    @Test
    void aRevokeOfALeaseWithoutKeysTakesNoRevision() {
        apply(new Command.LeaseGrant(7, 60));

        assertThat(apply(new Command.LeaseRevoke(7))).isEqualTo(MvccStore.FIRST_REVISION);
    }

    @Test
    void anExpiryCountsInTheTermItWasNoticedInAlone() {
        apply(new Command.LeaseGrant(7, 60));
        put("a", 7);

        refused(new Command.LeaseExpire(7, 101, TERM - 1), StoreError.LEADER_CHANGED);
        refused(new Command.LeaseExpire(7, 101, TERM + 1), StoreError.LEADER_CHANGED);
        assertThat(keys()).containsExactly("a");

        apply(new Command.LeaseExpire(7, 101, TERM));
        assertThat(keys()).isEmpty();
        assertThat(changes).endsWith(new LeaseChange.Revoked(7));
    }

    @Test
    void anExpiryLeavesALeaseAloneThatGotTheIdMeanwhile() {
        apply(new Command.LeaseGrant(7, 60));
        apply(new Command.LeaseRevoke(7));
        apply(new Command.LeaseGrant(7, 60));

        refused(new Command.LeaseExpire(7, 101, TERM), StoreError.LEASE_NOT_FOUND);
        assertThat(stored(7)).isNotNull();
    }

    @Test
    void whatIsLeftIsNotedOfTheLeasesThatAreStillThere() {
        apply(new Command.LeaseGrant(7, 60));
        apply(new Command.LeaseGrant(8, 60));
        var checkpoint = List.of(
                new Command.LeaseRest(7, 101, 11), new Command.LeaseRest(8, 1, 22), new Command.LeaseRest(9, 103, 33));

        apply(new Command.LeaseCheckpoint(TERM, checkpoint));

        assertThat(this.<List<LeaseRow>>read(view -> view.leases(0, 10)))
                .containsExactly(new LeaseRow(7, 60, 11, 101), new LeaseRow(8, 60, 0, 102));
        refused(new Command.LeaseCheckpoint(TERM - 1, checkpoint), StoreError.LEADER_CHANGED);
        apply(new Command.LeaseCheckpoint(TERM, List.of(new Command.LeaseRest(7, 101, 0))));
        assertThat(stored(7)).isEqualTo(new LeaseRow(7, 60, 0, 101));
    }

    @Test
    void leasesAreReadInSlices() {
        for (long id : new long[] {5, -1, 3, Long.MAX_VALUE}) {
            apply(new Command.LeaseGrant(id, 60));
        }

        assertThat(read(view -> view.leases(0, 2)).stream().map(LeaseRow::id)).containsExactly(3L, 5L);
        assertThat(read(view -> view.leases(6, 2)).stream().map(LeaseRow::id)).containsExactly(Long.MAX_VALUE, -1L);
        assertThat(read(view -> view.leases(-1, 2)).stream().map(LeaseRow::id)).containsExactly(-1L);
    }

    @Test
    void theKeysOfALeaseAreReadInTheirOrder() {
        apply(new Command.LeaseGrant(7, 60));
        apply(new Command.LeaseGrant(8, 60));
        put("b", 7);
        put("c", 8);
        put("a", 7);
        put("d", 7);
        put("d", 0);

        assertThat(read(view -> view.leaseKeys(7)).stream().map(key -> new String(key, StandardCharsets.UTF_8)))
                .containsExactly("a", "b");
    }
}
