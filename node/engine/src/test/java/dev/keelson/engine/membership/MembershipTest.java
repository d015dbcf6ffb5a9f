package dev.keelson.engine.membership;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keelson.engine.Member;
import dev.keelson.engine.NodeLimits;
import dev.keelson.mvcc.MvccStore;
import dev.keelson.mvcc.ReadView;
import dev.keelson.mvcc.StoreBatch;
import dev.keelson.mvcc.StoreError;
import dev.keelson.mvcc.StoreException;
import dev.keelson.mvcc.backend.InMemoryBackend;
import dev.keelson.raft.confchange.ConfChange;
import dev.keelson.raft.confchange.ConfState;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MembershipTest {

    private final MvccStore store = MvccStore.open(new InMemoryBackend());
    private Membership membership = load();
    private long lastRequestId;

    private Membership load() {
        try (ReadView view = store.view()) {
            return Membership.load(view);
        }
    }

    @BeforeEach
    void foundClusterOfTwo() {
        apply(MemberChange.founding(voter(1)));
        apply(MemberChange.founding(voter(2)));
        publish(1);
    }

    private static Member voter(long id) {
        return new Member(id, "", List.of("http://p" + id), List.of(), false);
    }

    private static Member learner(long id) {
        return new Member(id, "", List.of("http://p" + id), List.of(), true);
    }

    private ConfChange apply(MemberChange change) {
        StoreBatch batch = store.begin();
        try {
            // As it comes out of the log.
            return membership.apply(
                    batch, ConfChange.decode(change.toConfChange().encode()));
        } finally {
            batch.commit();
        }
    }

    private void publish(long id) {
        StoreBatch batch = store.begin();
        membership.publish(batch, id, "m" + id, List.of("http://c" + id));
        batch.commit();
    }

    private MemberChange change(MemberChange.Kind kind, Member member) {
        return new MemberChange(++lastRequestId, kind, member, 1);
    }

    private ConfChange apply(MemberChange.Kind kind, Member member) {
        return apply(change(kind, member));
    }

    private void refused(MemberChange.Kind kind, Member member, StoreError error) {
        List<Member> before = membership.all();
        assertThatThrownBy(() -> apply(kind, member))
                .isInstanceOfSatisfying(
                        StoreException.class,
                        refusal -> assertThat(refusal.error()).isEqualTo(error));
        assertThat(membership.all()).isEqualTo(before);
    }

    @Test
    void anAddedMemberHasNoNameAndAVoteOnlyWhenItIsNoLearner() {
        assertThat(apply(MemberChange.Kind.ADD, voter(3)).kind()).isEqualTo(ConfChange.Kind.ADD_VOTER);
        assertThat(apply(MemberChange.Kind.ADD, learner(4)).kind()).isEqualTo(ConfChange.Kind.ADD_LEARNER);

        assertThat(membership.confState()).isEqualTo(new ConfState(List.of(1L, 2L, 3L), List.of(), List.of(4L)));
        assertThat(membership.find(3).orElseThrow().started()).isFalse();
        assertThat(load().all()).isEqualTo(membership.all());
    }

    @Test
    void aMemberIsAddedOnceAndNobodyTakesItsUrls() {
        refused(
                MemberChange.Kind.ADD,
                new Member(2, "", List.of("http://new"), List.of(), false),
                StoreError.MEMBER_EXISTS);
        refused(
                MemberChange.Kind.ADD,
                new Member(3, "", List.of("http://new", "http://p2"), List.of(), true),
                StoreError.PEER_URL_EXISTS);
    }

    @Test
    void thereAreAsManyLearnersAsWhoeverAskedAllows() {
        apply(MemberChange.Kind.ADD, learner(3));

        refused(MemberChange.Kind.ADD, learner(4), StoreError.TOO_MANY_LEARNERS);
        apply(new MemberChange(99, MemberChange.Kind.ADD, learner(4), 2));

        assertThat(membership.confState().learners()).containsExactly(3L, 4L);
    }

    @Test
    void aPromotionKeepsNameAndUrlsAndIsForLearnersAlone() {
        apply(MemberChange.Kind.ADD, learner(3));
        publish(3);

        apply(MemberChange.Kind.PROMOTE, new Member(3, "", List.of(), List.of(), false));

        assertThat(membership.find(3)).contains(new Member(3, "m3", List.of("http://p3"), List.of("http://c3"), false));
        refused(MemberChange.Kind.PROMOTE, voter(3), StoreError.NOT_A_LEARNER);
        refused(MemberChange.Kind.PROMOTE, voter(4), StoreError.MEMBER_NOT_FOUND);
    }

    @Test
    void anUpdateChangesThePeerUrlsAlone() {
        apply(MemberChange.Kind.UPDATE, new Member(1, "", List.of("http://new"), List.of(), true));

        assertThat(membership.find(1))
                .contains(new Member(1, "m1", List.of("http://new"), List.of("http://c1"), false));
        refused(
                MemberChange.Kind.UPDATE,
                new Member(1, "", List.of("http://p2"), List.of(), false),
                StoreError.PEER_URL_EXISTS);
        refused(MemberChange.Kind.UPDATE, voter(9), StoreError.MEMBER_NOT_FOUND);
    }

    @Test
    void aRemovedMemberNeverComesBack() {
        apply(MemberChange.Kind.REMOVE, voter(2));

        for (MemberChange.Kind kind : MemberChange.Kind.values()) {
            refused(kind, voter(2), StoreError.MEMBER_NOT_FOUND);
        }
        assertThat(load().isRemoved(2)).isTrue();
        refused(MemberChange.Kind.REMOVE, voter(9), StoreError.MEMBER_NOT_FOUND);
    }

    @Test
    void theLastVoterStays() {
        apply(MemberChange.Kind.ADD, learner(3));
        apply(MemberChange.Kind.REMOVE, voter(2));

        refused(MemberChange.Kind.REMOVE, voter(1), StoreError.NOT_ENOUGH_STARTED_MEMBERS);

        apply(MemberChange.Kind.REMOVE, learner(3));
        assertThat(membership.all()).hasSize(1);
    }

    @Test
    void aDoubledChangeHasNoEffectNotEvenAfterARestartInBetween() {
        MemberChange first =
                change(MemberChange.Kind.UPDATE, new Member(1, "", List.of("http://first"), List.of(), false));
        apply(first);
        apply(MemberChange.Kind.UPDATE, new Member(1, "", List.of("http://second"), List.of(), false));

        membership = load();

        assertThat(apply(first)).isEqualTo(ConfChange.NONE);
        assertThat(membership.find(1).orElseThrow().peerUrls()).containsExactly("http://second");
    }

    @Test
    void aRefusalIsADecisionToo() {
        MemberChange early = change(MemberChange.Kind.REMOVE, voter(3));
        assertThatThrownBy(() -> apply(early)).isInstanceOf(StoreException.class);
        apply(MemberChange.Kind.ADD, voter(3));

        apply(early);

        assertThat(membership.find(3)).isPresent();
    }

    @Test
    void onlySoManyDecisionsAreRemembered() {
        MemberChange first = change(MemberChange.Kind.UPDATE, voter(1));
        apply(first);
        for (int i = 0; i < NodeLimits.MEMBER_CHANGES_REMEMBERED; i++) {
            assertThat(apply(MemberChange.Kind.UPDATE, voter(1)).kind()).isEqualTo(ConfChange.Kind.UPDATE);
        }

        assertThat(apply(first).kind()).isEqualTo(ConfChange.Kind.UPDATE);
    }
}
