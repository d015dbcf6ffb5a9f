package dev.keelson.engine.membership;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keelson.engine.Member;
import dev.keelson.engine.NodeLimits;
import dev.keelson.engine.Transport;
import dev.keelson.mvcc.StoreError;
import dev.keelson.mvcc.StoreException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class StrictChecksTest {

    private static final long LONG = NodeLimits.HEALTHY_AFTER_MILLIS + 1;
    private static final long SHORT = NodeLimits.HEALTHY_AFTER_MILLIS;
    private static final long DOWN = Transport.NOT_CONNECTED;

    /** Voters 1 to {@code started}, started, and as many behind them that are not. */
    private static List<Member> voters(int started, int unstarted) {
        var members = new ArrayList<Member>();
        for (int id = 1; id <= started + unstarted; id++) {
            members.add(member(id, id <= started, false));
        }
        return members;
    }

    private static Member member(long id, boolean started, boolean learner) {
        return new Member(id, started ? "m" + id : "", List.of("http://p" + id), List.of(), learner);
    }

    private static StrictChecks connected(long to2, long to3) {
        Map<Long, Long> millis = Map.of(2L, to2, 3L, to3);
        return new StrictChecks(1, id -> millis.getOrDefault(id, DOWN));
    }

    private static @Nullable StoreError outcome(Runnable check) {
        try {
            check.run();
            return null;
        } catch (StoreException refused) {
            return refused.error();
        }
    }

    private static @Nullable StoreError adding(StrictChecks checks, boolean learner, List<Member> members) {
        return outcome(() -> checks.beforeAdding(member(9, false, learner), members));
    }

    private static @Nullable StoreError removing(StrictChecks checks, long id, List<Member> members) {
        return outcome(() -> checks.beforeRemoving(id, members));
    }

    @Test
    void aVoterIsAddedWhileTheStartedMakeTheNextQuorum() {
        StrictChecks all = connected(LONG, LONG);

        assertThat(adding(all, false, voters(1, 0))).isNull();
        assertThat(adding(all, false, voters(1, 1))).isEqualTo(StoreError.NOT_ENOUGH_STARTED_MEMBERS);
        assertThat(adding(all, false, voters(2, 0))).isNull();
        assertThat(adding(all, false, voters(2, 1))).isEqualTo(StoreError.NOT_ENOUGH_STARTED_MEMBERS);
        assertThat(adding(all, false, voters(3, 0))).isNull();
    }

    @Test
    void aLearnerIsAddedHoweverFewHaveStarted() {
        assertThat(adding(connected(LONG, LONG), true, voters(2, 1))).isNull();
    }

    @Test
    void whoeverIsAskedMustHaveBeenConnectedToTheNextQuorumForAWhile() {
        assertThat(adding(connected(LONG, SHORT), false, voters(3, 0))).isEqualTo(StoreError.UNHEALTHY);
        assertThat(adding(connected(LONG, DOWN), true, voters(3, 0))).isEqualTo(StoreError.UNHEALTHY);
        assertThat(adding(connected(SHORT, LONG), true, voters(2, 0))).isEqualTo(StoreError.UNHEALTHY);
    }

    @Test
    void aVoterIsRemovedWhileTheStartedAmongTheRestMakeAQuorum() {
        StrictChecks all = connected(LONG, LONG);

        assertThat(removing(all, 1, voters(1, 0))).isEqualTo(StoreError.NOT_ENOUGH_STARTED_MEMBERS);
        assertThat(removing(all, 1, voters(2, 1))).isEqualTo(StoreError.NOT_ENOUGH_STARTED_MEMBERS);
        assertThat(removing(all, 3, voters(2, 1))).isNull();
        assertThat(removing(all, 3, voters(3, 0))).isNull();
        assertThat(removing(all, 1, voters(3, 0))).isNull();
    }

    @Test
    void aMemberThatIsDownMayGoButNotOneThatTheQuorumNeeds() {
        StrictChecks threeIsDown = connected(LONG, DOWN);

        assertThat(removing(threeIsDown, 3, voters(3, 0))).isNull();
        assertThat(removing(threeIsDown, 2, voters(3, 0))).isEqualTo(StoreError.UNHEALTHY);
        assertThat(removing(threeIsDown, 1, voters(3, 0))).isEqualTo(StoreError.UNHEALTHY);
        assertThat(removing(connected(LONG, SHORT), 2, voters(3, 0))).isEqualTo(StoreError.UNHEALTHY);
    }

    @Test
    void aLearnerMayAlwaysGo() {
        List<Member> members = voters(1, 2);
        members.add(member(9, true, true));

        assertThat(removing(connected(DOWN, DOWN), 9, members)).isNull();
    }

    @Test
    void aLearnerIsPromotedWhileTheStartedAndItMakeTheNextQuorum() {
        assertThat(outcome(() -> StrictChecks.beforePromoting(voters(1, 0)))).isNull();
        assertThat(outcome(() -> StrictChecks.beforePromoting(voters(2, 1)))).isNull();
        assertThat(outcome(() -> StrictChecks.beforePromoting(voters(1, 2))))
                .isEqualTo(StoreError.NOT_ENOUGH_STARTED_MEMBERS);
    }
}
