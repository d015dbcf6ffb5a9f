package dev.keelson.engine.consensus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keelson.engine.Member;
import dev.keelson.engine.apply.AppliedPoint;
import dev.keelson.engine.consensus.Recovery.InconsistentStateException;
import dev.keelson.engine.membership.MemberChange;
import dev.keelson.engine.membership.MemberChange.Kind;
import dev.keelson.engine.membership.Membership;
import dev.keelson.engine.world.MemoryLog;
import dev.keelson.mvcc.MvccStore;
import dev.keelson.mvcc.ReadView;
import dev.keelson.mvcc.StoreBatch;
import dev.keelson.mvcc.StoreException;
import dev.keelson.mvcc.backend.InMemoryBackend;
import dev.keelson.raft.confchange.ConfChange;
import dev.keelson.raft.log.Entry;
import dev.keelson.raft.log.EntryType;
import dev.keelson.raft.log.HardState;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class LoneMemberTest {

    private static final long SELF = 1;
    private static final long TERM = 5;

    private final InMemoryBackend backend = new InMemoryBackend();
    private final MemoryLog log = new MemoryLog();

    private static Member member(long id, boolean learner) {
        return new Member(id, "", List.of("http://p" + id), List.of(), learner);
    }

    private static MemberChange change(Kind kind, Member member) {
        return new MemberChange(MemberChange.NOBODYS, kind, member, 1);
    }

    private void write(MemberChange change) {
        log.append(
                null,
                List.of(new Entry(
                        TERM,
                        log.lastIndex() + 1,
                        EntryType.CONF_CHANGE,
                        change.toConfChange().encode())));
    }

    private void writeVoters(long... ids) {
        LongStream.of(ids).forEach(id -> write(MemberChange.founding(member(id, false))));
        log.append(new HardState(TERM, 2, log.lastIndex()), List.of());
    }

    /** Carries out what the log holds, through the index. */
    private Membership apply(long through) {
        MvccStore store = MvccStore.open(backend);
        Membership membership;
        AppliedPoint applied;
        try (ReadView view = store.view()) {
            membership = Membership.load(view);
            applied = AppliedPoint.decode(view.meta(AppliedPoint.ROW));
        }
        for (long index = applied.index() + 1; index <= through; index++) {
            Entry entry = log.entries(index, index + 1, Long.MAX_VALUE).getFirst();
            StoreBatch batch = store.begin();
            if (entry.type() == EntryType.CONF_CHANGE) {
                applyChange(membership, batch, ConfChange.decode(entry.payload()));
            }
            batch.putMeta(AppliedPoint.ROW, new AppliedPoint(index, entry.term()).encode());
            batch.commit();
        }
        store.close();
        return membership;
    }

    private static void applyChange(Membership membership, StoreBatch batch, ConfChange change) {
        try {
            membership.apply(batch, change);
        } catch (StoreException refused) {
            assertThat(refused.error()).isNotNull();
        }
    }

    @Test
    void theOthersAreRemovedForGoodAndEverythingInTheLogIsCommitted() {
        writeVoters(1, 2, 3);
        apply(3);
        log.append(null, List.of(new Entry(TERM, 4, EntryType.NORMAL, new byte[] {1})));

        assertThat(LoneMember.make(log, backend, SELF)).containsExactly(2L, 3L);

        assertThat(log.hardState()).isEqualTo(new HardState(TERM, 2, 7));
        assertThat(log.entries(4, 5, Long.MAX_VALUE).getFirst().type()).isEqualTo(EntryType.NORMAL);
        Membership left = apply(log.lastIndex());
        assertThat(left.all()).containsExactly(member(SELF, false));
        assertThat(left.removed()).containsExactlyInAnyOrder(2L, 3L);
    }

    @Test
    void changesThatTheStoreHasNotSeenCount() {
        writeVoters(1, 2, 3);
        apply(2);
        write(change(Kind.ADD, member(4, true)));
        write(change(Kind.REMOVE, member(2, false)));

        assertThat(LoneMember.make(log, backend, SELF)).containsExactly(3L, 4L);

        assertThat(apply(log.lastIndex()).all()).containsExactly(member(SELF, false));
    }

    @Test
    void aLearnerGetsItsVoteBeforeTheLastVoterGoes() {
        writeVoters(2);
        write(change(Kind.ADD, member(SELF, true)));
        apply(2);

        LoneMember.make(log, backend, SELF);

        assertThat(apply(log.lastIndex()).all()).containsExactly(member(SELF, false));
    }

    @Test
    void aMemberThatIsAloneIsLeftAsItIs() {
        writeVoters(1, 2);
        apply(2);
        LoneMember.make(log, backend, SELF);
        apply(log.lastIndex());
        long last = log.lastIndex();

        assertThat(LoneMember.make(log, backend, SELF)).isEmpty();

        assertThat(log.lastIndex()).isEqualTo(last);
    }

    @Test
    void aMemberWithoutDataFoundsItsClusterAsItsFlagsSay() {
        assertThat(LoneMember.make(log, backend, SELF)).isEmpty();

        assertThat(log.lastIndex()).isZero();
    }

    @Test
    void aMemberThatWasRemovedGoesNowhere() {
        writeVoters(1, 2);
        write(change(Kind.REMOVE, member(SELF, false)));
        apply(3);

        assertThat(LoneMember.make(log, backend, SELF)).isEmpty();

        assertThat(log.lastIndex()).isEqualTo(3);
    }

    @Test
    void aMemberThatIsAboutToBeRemovedIsRefused() {
        writeVoters(1, 2);
        apply(2);
        write(change(Kind.REMOVE, member(SELF, false)));

        assertThatThrownBy(() -> LoneMember.make(log, backend, SELF))
                .isInstanceOf(InconsistentStateException.class)
                .hasMessageContaining("do not have it as a member");
        assertThat(log.lastIndex()).isEqualTo(3);
    }
}
