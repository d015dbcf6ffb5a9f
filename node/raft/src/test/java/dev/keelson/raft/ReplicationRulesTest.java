package dev.keelson.raft;

import static dev.keelson.raft.LoneNode.entry;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keelson.raft.log.Entry;
import dev.keelson.raft.log.HardState;
import dev.keelson.raft.message.Message;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Paper 5.3 and 5.4.2; thesis 10.2.1 (the leader's disk works in parallel). */
class ReplicationRulesTest {

    private static final byte[] COMMAND = {1};

    @Test
    void aLeaderBeginsItsTermWithAnEmptyEntry() {
        LoneNode lone = LoneNode.ofThree(1, 1).elect();
        assertThat(lone.take(Message.AppendRequest.class))
                .hasSize(2)
                .allSatisfy(append -> assertThat(append.entries()).containsExactly(entry(2, 2)));
    }

    @Test
    void aLeaderSendsEntriesBeforeItsOwnDiskHasThemAndCountsItselfOnlyAfter() {
        LoneNode lone = LoneNode.ofThree(1).elect();
        lone.acknowledge(2, 1);
        lone.diskHeld = true;
        lone.node.propose(List.of(COMMAND));
        lone.drain();
        assertThat(lone.take(Message.AppendRequest.class)).isNotEmpty();
        lone.acknowledge(2, 2);
        assertThat(lone.status().commit()).isEqualTo(1);
        lone.disk.sync();
        lone.node.onPersisted(lone.node.term(), 2);
        assertThat(lone.status().commit()).isEqualTo(2);
    }

    @Test
    void theFollowersAloneMayCommit() {
        LoneNode lone = LoneNode.ofThree(1).elect();
        lone.acknowledge(2, 1);
        lone.diskHeld = true;
        lone.node.propose(List.of(COMMAND));
        lone.drain();
        lone.acknowledge(2, 2);
        lone.acknowledge(3, 2);
        assertThat(lone.status().commit()).isEqualTo(2);
        assertThat(lone.applied).as("applied only when durable here").hasSize(1);
    }

    @Test
    void entriesOfEarlierTermsAreCommittedOnlyByWhatFollowsThem() {
        // Figure 8: entry 2 of term 2 is on a majority, and could still be replaced by a leader of term 3.
        LoneNode lone = LoneNode.ofThree(3, 1, 2).elect();
        lone.acknowledge(2, 2);
        assertThat(lone.status().commit()).isZero();
        lone.acknowledge(2, 3);
        assertThat(lone.status().commit()).isEqualTo(3);
    }

    @ParameterizedTest
    @CsvSource({
        // our log is terms 1 1 2 2; previous term and index of the append; whether it fits
        "1, 1, true",
        "1, 2, true",
        "2, 4, true",
        "2, 5, false",
        "3, 4, false",
        "2, 2, false",
    })
    void anAppendIsTakenOnlyWhereTheLogsAgree(long prevTerm, long prevIndex, boolean fits) {
        LoneNode lone = LoneNode.ofThree(3, 1, 1, 2, 2);
        lone.step(new Message.AppendRequest(2, 1, 3, prevIndex, prevTerm, List.of(), 0));
        assertThat(lone.take(Message.AppendResponse.class))
                .singleElement()
                .satisfies(answer -> assertThat(answer.rejected()).isEqualTo(!fits));
    }

    @Test
    void aConflictingTailIsReplacedAndAnAgreeingOneKept() {
        LoneNode lone = LoneNode.ofThree(3, 1, 1, 2, 2);
        lone.step(new Message.AppendRequest(2, 1, 3, 1, 1, List.of(entry(1, 2)), 0));
        assertThat(lone.status().lastIndex()).isEqualTo(4);
        lone.step(new Message.AppendRequest(2, 1, 3, 2, 1, List.of(entry(3, 3)), 0));
        assertThat(lone.status().lastIndex()).isEqualTo(3);
        assertThat(lone.disk.term(3)).isEqualTo(3);
    }

    @Test
    void aFollowerCommitsNoFurtherThanTheAppendReaches() {
        // Entries 3 and 4 are another leader's; that the leader has committed 4 says nothing about ours.
        LoneNode lone = LoneNode.ofThree(3, 1, 1, 2, 2);
        lone.step(new Message.AppendRequest(2, 1, 3, 1, 1, List.of(entry(1, 2)), 4));
        assertThat(lone.status().commit()).isEqualTo(2);
    }

    @Test
    void aRefusalSkipsWholeTerms() {
        LoneNode lone = LoneNode.ofThree(9, 1, 1, 1, 4, 4, 4, 4, 4);
        lone.step(new Message.AppendRequest(2, 1, 9, 8, 3, List.of(), 0));
        assertThat(lone.take(Message.AppendResponse.class)).singleElement().satisfies(answer -> {
            assertThat(answer.hintIndex()).isEqualTo(3);
            assertThat(answer.hintTerm()).isEqualTo(1);
        });
    }

    @Test
    void aLeaderSkipsItsOwnLaterTermsWhenItIsRefused() {
        long[] terms = LongStream.of(1, 1, 5, 5, 5, 5, 5).toArray();
        LoneNode lone = LoneNode.ofThree(5, terms).elect();
        lone.sent.clear();
        lone.step(new Message.AppendResponse(2, 1, 6, 7, true, 6, 3));
        assertThat(lone.take(Message.AppendRequest.class))
                .singleElement()
                .satisfies(append -> assertThat(append.prevIndex()).isEqualTo(2));
    }

    @Test
    void theAcknowledgementOfAReplacedEntryCountsForNothing() {
        LoneNode lone = LoneNode.ofThree(1);
        lone.diskHeld = true;
        lone.node.step(new Message.AppendRequest(2, 1, 1, 0, 0, List.of(entry(1, 1)), 0));
        // The node's own term moves on before the entry is handed out, and the leader of that term replaces it.
        lone.node.step(new Message.VoteRequest(3, 1, 2, 9, 9, true));
        Ready first = lone.node.ready();
        lone.disk.append(first.hardState(), first.entries());
        lone.node.step(new Message.AppendRequest(3, 1, 2, 0, 0, List.of(entry(2, 1)), 1));
        Ready second = lone.node.ready();
        lone.disk.append(second.hardState(), second.entries());
        lone.node.onPersisted(first.term(), 1);
        assertThat(lone.node.ready().committedEntries()).isEmpty();
        lone.node.onPersisted(second.term(), 1);
        assertThat(lone.node.ready().committedEntries()).containsExactly(entry(2, 1));
    }

    @Test
    void anAppendThatContradictsWhatIsCommittedStopsTheNode() {
        var lone = new LoneNode(
                dev.keelson.raft.confchange.ConfState.ofVoters(List.of(1L, 2L, 3L)), new HardState(3, 0, 2), 1, 1, 2);
        lone.drain();
        List<Entry> contradiction = List.of(entry(3, 3));
        lone.step(new Message.AppendRequest(2, 1, 3, 2, 1, contradiction, 3));
        assertThat(lone.status().commit()).isEqualTo(3);
        assertThatThrownBy(() -> lone.step(new Message.Heartbeat(2, 1, 3, 9, 0)))
                .isInstanceOf(InvariantViolation.class);
    }

    @Test
    void aLeaderWithoutAMajorityStepsDownWithinTwoElectionTimeouts() {
        LoneNode lone = LoneNode.ofThree(1).elect();
        lone.tick(2 * LoneNode.ELECTION_TICKS);
        assertThat(lone.status().role()).isNotEqualTo(Role.LEADER);
        assertThat(lone.status().term()).isEqualTo(2);
    }

    @Test
    void aLeaderThatHearsAMajorityStays() {
        LoneNode lone = LoneNode.ofThree(1).elect();
        for (int i = 0; i < 5 * LoneNode.ELECTION_TICKS; i++) {
            lone.tick(1);
            lone.step(new Message.HeartbeatResponse(2, 1, 2, 0));
        }
        assertThat(lone.status().role()).isEqualTo(Role.LEADER);
    }

    @Test
    void nothingNewMeansNoReady() {
        LoneNode lone = LoneNode.ofThree(1).elect();
        lone.acknowledge(2, 1);
        assertThat(lone.node.hasReady()).isFalse();
    }
}
