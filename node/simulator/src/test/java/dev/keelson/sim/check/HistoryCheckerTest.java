package dev.keelson.sim.check;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keelson.sim.check.Request.DeleteRange;
import dev.keelson.sim.check.Response.Kv;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A store whose a was deleted, then both a and b; which of the writes without an answer did it only watchers can tell. */
class HistoryCheckerTest {

    private static final long LEASE = 7;
    private static final Request DELETE_A = new DeleteRange("a", "", false);
    private static final Request DELETE_B = new DeleteRange("b", "", false);
    private static final Request DELETE_BOTH = new DeleteRange("a", "c", false);
    private static final Request DELETE_B_THEN_A = new Request.Txn(List.of(), List.of(DELETE_B, DELETE_A), List.of());
    private static final Kv FIRST_A = new Kv("a", "1", 2, 2, 1);
    private static final Kv B = new Kv("b", "2", 4, 4, 1);
    private static final Kv SECOND_A = new Kv("a", "3", 5, 5, 1);
    private static final WatchEvent A_DELETED = deletion(SECOND_A, 6);
    private static final WatchEvent B_DELETED = deletion(B, 6);

    private final HistoryChecker checker = new HistoryChecker();
    private int now;

    private void begin(int lostForNothing) {
        watcher(1, 1);
        put(FIRST_A, "1");
        lost(DELETE_A);
        for (int i = 0; i < lostForNothing; i++) {
            lost(new DeleteRange("nothing" + i, "", false));
        }
        lost(DELETE_BOTH);
        told(1, deletion(FIRST_A, 3));
        put(B, "2");
        put(SECOND_A, "3");
        lost(DELETE_B_THEN_A);
    }

    @Test
    void theOrderInWhichAWatcherWasToldSaysWhichOfTwoWritesItWas() {
        begin(0);
        told(1, A_DELETED, B_DELETED);

        assertThatCode(this::finish).doesNotThrowAnyException();
    }

    @Test
    void noTwoWatchersAreToldInDifferentOrder() {
        begin(0);
        told(1, A_DELETED, B_DELETED);
        watcher(2, 6);
        told(2, B_DELETED, A_DELETED);

        assertThatThrownBy(this::finish)
                .isInstanceOf(HistoryViolation.class)
                .hasMessageContaining("watchers were told of");
    }

    /** Revision 8 is of one of two writes: only one of them would give the lease a second key. */
    @Test
    void aKeyThatMayNeverHaveBeenThereNeedNotGoWithItsLease() {
        begin(0);
        told(1, A_DELETED, B_DELETED);
        lease(LeaseOperation.Kind.GRANT, new LeaseOutcome.Renewed(60));
        answered(new Request.Put("d", "4", false, LEASE), 7);
        lost(new Request.Put("e", "5", false));
        lost(new Request.Put("f", "6", false, LEASE));
        answered(new Request.Put("g", "7", false), 9);
        watcher(2, 10);
        lease(LeaseOperation.Kind.REVOKE, new LeaseOutcome.Revoked(10));
        told(2, deletion(new Kv("d", "4", 7, 7, 1, LEASE), 10));

        assertThatCode(this::finish).doesNotThrowAnyException();
    }

    /** Revision 3 looks as if the last of them had made it, which is needed for revision 6. */
    @Test
    void oneOfManyLostWritesIsFoundToHaveMadeARevision() {
        begin(60);
        told(1, A_DELETED, B_DELETED);

        assertThatCode(this::finish).doesNotThrowAnyException();
    }

    private void put(Kv kv, String value) {
        answered(new Request.Put(kv.key(), value, false), kv.modRevision());
        told(1, new WatchEvent(kv, null));
    }

    private void answered(Request request, long revision) {
        now++;
        checker.accept(
                new Operation(now, 0, now, now, request, new Outcome.Answered(new Response.Put(revision, null))));
    }

    private void lease(LeaseOperation.Kind kind, LeaseOutcome outcome) {
        now++;
        checker.accept(new LeaseOperation(kind, LEASE, now, now, outcome));
    }

    private void lost(Request request) {
        now++;
        checker.accept(new Operation(now, 0, now, Long.MAX_VALUE, request, new Outcome.Unknown()));
    }

    private void watcher(int id, long startRevision) {
        now++;
        checker.accept(new WatchRecord.Asked(
                id, now, new WatchSpec("a", id == 1 ? "c" : "z", startRevision, false, false, true, false)));
        checker.accept(new WatchRecord.Created(id, now, startRevision));
    }

    private void told(int watcher, WatchEvent... events) {
        now++;
        long revision = events[0].kv().modRevision();
        checker.accept(new WatchRecord.Events(watcher, now, revision, List.of(events), false));
    }

    private static WatchEvent deletion(Kv former, long revision) {
        return new WatchEvent(Kv.deleted(former.key(), revision), former);
    }

    private void finish() {
        checker.finish(new LeaseTerms(1_000_000, LeaseTerms.Rates.TRUE, 0, 0), List.of());
    }
}
