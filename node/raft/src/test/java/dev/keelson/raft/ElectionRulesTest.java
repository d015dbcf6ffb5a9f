package dev.keelson.raft;

import static dev.keelson.raft.LoneNode.ELECTION_TICKS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keelson.raft.confchange.ConfChange;
import dev.keelson.raft.confchange.ConfState;
import dev.keelson.raft.log.HardState;
import dev.keelson.raft.message.Message;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Paper 5.1, 5.2 and 5.4.1; thesis 9.6 (pre-vote) and 4.2.3 (disruptive servers). */
class ElectionRulesTest {

    @ParameterizedTest
    @CsvSource({"FOLLOWER", "PRE_CANDIDATE", "CANDIDATE", "LEADER"})
    void aLaterTermMakesAnyRoleAFollower(Role role) {
        LoneNode lone = inRole(role);
        long later = lone.node.term() + 5;
        lone.step(new Message.AppendRequest(3, 1, later, 0, 0, List.of(), 0));
        assertThat(lone.status().role()).isEqualTo(Role.FOLLOWER);
        assertThat(lone.status().term()).isEqualTo(later);
        assertThat(lone.status().leader()).isEqualTo(3);
    }

    private static LoneNode inRole(Role role) {
        LoneNode lone = LoneNode.ofThree(1, 1);
        if (role == Role.LEADER) {
            return lone.elect();
        }
        if (role != Role.FOLLOWER) {
            lone.node.campaign();
            lone.drain();
        }
        if (role == Role.CANDIDATE) {
            lone.step(new Message.PreVoteResponse(2, 1, 2, true, 0, 0));
        }
        assertThat(lone.status().role()).isEqualTo(role);
        return lone;
    }

    @Test
    void anEarlierLeaderIsToldTheLaterTermAndNotFollowed() {
        LoneNode lone = LoneNode.ofThree(5);
        lone.step(new Message.AppendRequest(2, 1, 4, 0, 0, List.of(LoneNode.entry(4, 1)), 1));
        assertThat(lone.status().lastIndex()).isZero();
        assertThat(lone.take(Message.AppendResponse.class))
                .singleElement()
                .satisfies(answer -> assertThat(answer.term()).isEqualTo(5));
    }

    @Test
    void aNodeStartsAsAFollowerAndCampaignsOnlyAfterAnElectionTimeout() {
        LoneNode lone = LoneNode.ofThree(1);
        lone.tick(ELECTION_TICKS - 1);
        assertThat(lone.status().role()).isEqualTo(Role.FOLLOWER);
        lone.tick(ELECTION_TICKS);
        assertThat(lone.status().role()).isEqualTo(Role.PRE_CANDIDATE);
    }

    @Test
    void electionTimeoutsAreSpreadOverTheWholeRange() {
        var timeouts = new HashSet<Integer>();
        for (int seed = 0; seed < 300; seed++) {
            var timer = new ElectionTimer(ELECTION_TICKS, new Random(seed));
            int ticks = 1;
            while (!timer.tick()) {
                ticks++;
            }
            timeouts.add(ticks);
        }
        assertThat(timeouts).hasSize(ELECTION_TICKS).allMatch(ticks -> ticks >= 10 && ticks < 20);
    }

    @ParameterizedTest
    @CsvSource({
        // our log ends at term 2, index 3; the candidate's last term and index; whether it gets the vote
        "1, 9, false",
        "2, 2, false",
        "2, 3, true",
        "2, 4, true",
        "3, 1, true",
    })
    void aVoteGoesOnlyToALogThatIsAtLeastAsComplete(long lastTerm, long lastIndex, boolean granted) {
        LoneNode lone = LoneNode.ofThree(3, 1, 1, 2);
        lone.step(new Message.VoteRequest(2, 1, 4, lastIndex, lastTerm, false));
        lone.step(new Message.PreVoteRequest(3, 1, 5, lastIndex, lastTerm));
        assertThat(lone.sent)
                .hasSize(2)
                .allSatisfy(answer -> assertThat(granted(answer)).isEqualTo(granted));
    }

    private static boolean granted(Message answer) {
        return answer instanceof Message.VoteResponse vote && vote.granted()
                || answer instanceof Message.PreVoteResponse preVote && preVote.granted();
    }

    @Test
    void oneVoteATermEvenAfterARestart() {
        var voted = new LoneNode(ConfState.ofVoters(List.of(1L, 2L, 3L)), new HardState(4, 2, 0));
        voted.step(new Message.VoteRequest(3, 1, 4, 9, 4, false));
        voted.step(new Message.VoteRequest(2, 1, 4, 9, 4, false));
        assertThat(voted.take(Message.VoteResponse.class))
                .extracting(Message.VoteResponse::granted)
                .containsExactly(false, true);
    }

    @Test
    void aVoteIsDurableBeforeItIsSent() {
        LoneNode lone = LoneNode.ofThree(1);
        lone.node.step(new Message.VoteRequest(2, 1, 2, 0, 0, false));
        Ready ready = lone.node.ready();
        assertThat(ready.messages()).isEmpty();
        assertThat(ready.messagesAfterSync()).hasSize(1);
        assertThat(ready.hardState()).isEqualTo(new HardState(2, 2, 0));
        assertThat(ready.mustSync()).isTrue();
    }

    @Test
    void aPreVoteChangesNeitherTermNorVote() {
        LoneNode lone = LoneNode.ofThree(1);
        lone.step(new Message.PreVoteRequest(2, 1, 2, 0, 0));
        assertThat(lone.take(Message.PreVoteResponse.class)).allMatch(Message.PreVoteResponse::granted);
        assertThat(lone.status().term()).isEqualTo(1);
        assertThat(lone.status().vote()).isZero();
        assertThat(lone.disk.hardState()).isEqualTo(new HardState(1, 0, 0));
    }

    @Test
    void aRefusedPreVoteLeavesTheTermAlone() {
        LoneNode lone = LoneNode.ofThree(1);
        lone.node.campaign();
        lone.drain();
        lone.step(new Message.PreVoteResponse(2, 1, 1, false, 0, 0));
        lone.step(new Message.PreVoteResponse(3, 1, 1, false, 0, 0));
        assertThat(lone.status().role()).isEqualTo(Role.FOLLOWER);
        assertThat(lone.status().term()).isEqualTo(1);
    }

    @Test
    void whoHearsALeaderIgnoresCandidatesUnlessTheLeaderSentThem() {
        LoneNode lone = LoneNode.ofThree(1);
        lone.step(new Message.Heartbeat(2, 1, 1, 0, 0));
        lone.sent.clear();
        lone.step(new Message.VoteRequest(3, 1, 7, 9, 9, false));
        lone.step(new Message.PreVoteRequest(3, 1, 7, 9, 9));
        assertThat(lone.sent).isEmpty();
        assertThat(lone.status().term()).isEqualTo(1);
        lone.step(new Message.VoteRequest(3, 1, 7, 9, 9, true));
        assertThat(lone.take(Message.VoteResponse.class)).allMatch(Message.VoteResponse::granted);
    }

    @Test
    void aLearnerWhoseLeaderFellSilentGrantsVotes() {
        var learner = new LoneNode(new ConfState(List.of(2L, 3L), List.of(), List.of(1L)), new HardState(1, 0, 0));
        learner.step(new Message.Heartbeat(2, 1, 1, 0, 0));
        learner.tick(3 * ELECTION_TICKS);
        assertThat(learner.status().role()).isEqualTo(Role.FOLLOWER);
        learner.sent.clear();
        learner.step(new Message.VoteRequest(3, 1, 2, 0, 0, false));
        assertThat(learner.take(Message.VoteResponse.class)).allMatch(Message.VoteResponse::granted);
    }

    @Test
    void aNodeThatKnowsOfNoMembershipNeverCampaigns() {
        var stranger = new LoneNode(ConfState.EMPTY, HardState.EMPTY);
        stranger.tick(10 * ELECTION_TICKS);
        stranger.node.campaign();
        stranger.drain();
        assertThat(stranger.sent).isEmpty();
        assertThat(stranger.status().term()).isZero();
    }

    @Test
    void aMajorityElectsAndAMinorityDoesNot() {
        var five = new LoneNode(ConfState.ofVoters(List.of(1L, 2L, 3L, 4L, 5L)), new HardState(1, 0, 0));
        five.node.campaign();
        five.drain();
        five.step(new Message.PreVoteResponse(2, 1, 2, true, 0, 0));
        five.step(new Message.PreVoteResponse(2, 1, 2, true, 0, 0));
        assertThat(five.status().role()).isEqualTo(Role.PRE_CANDIDATE);
        five.step(new Message.PreVoteResponse(3, 1, 2, true, 0, 0));
        assertThat(five.status().role()).isEqualTo(Role.CANDIDATE);
        five.step(new Message.VoteResponse(9, 1, 2, true, 0, 0));
        five.step(new Message.VoteResponse(4, 1, 2, true, 0, 0));
        assertThat(five.status().role()).isEqualTo(Role.CANDIDATE);
        five.step(new Message.VoteResponse(5, 1, 2, true, 0, 0));
        assertThat(five.status().role()).isEqualTo(Role.LEADER);
    }

    @Test
    void twoLeadersOfOneTermStopTheNode() {
        LoneNode lone = LoneNode.ofThree(1);
        lone.step(new Message.Heartbeat(2, 1, 1, 0, 0));
        assertThatThrownBy(() -> lone.step(new Message.Heartbeat(3, 1, 1, 0, 0)))
                .isInstanceOf(InvariantViolation.class)
                .hasMessageContaining("two leaders");
    }

    /** What it acknowledged may have been committed with its help by a leader for which the removal had no effect yet. */
    @Test
    void aRemovedNodeRefusesWhoeverLacksWhatItHasAndSaysWhatIsCommitted() {
        var removal = new ConfChange(ConfChange.Kind.REMOVE, 1, new byte[0]);
        LoneNode lone = new LoneNode(ConfState.ofVoters(List.of(1L, 2L)), new HardState(1, 0, 0), 1);
        lone.step(new Message.AppendRequest(2, 1, 1, 1, 1, List.of(LoneNode.entry(1, 2, removal)), 2));
        lone.step(new Message.AppendRequest(2, 1, 1, 2, 1, List.of(LoneNode.entry(1, 3)), 2));
        lone.take(Message.AppendResponse.class);

        lone.step(new Message.VoteRequest(2, 1, 5, 2, 1, true));

        assertThat(lone.take(Message.VoteResponse.class))
                .containsExactly(new Message.VoteResponse(1, 2, 5, false, 2, 1));
    }

    /** Two voters, the leader removed itself: the other learns from its refusal that it is alone, and leads. */
    @ParameterizedTest
    @CsvSource({"2, 1, true", "2, 2, false", "3, 1, false"})
    void aRefusalCommitsTheEntryItNamesIfTheCandidateHasIt(long commit, long commitTerm, boolean leads) {
        var removal = new ConfChange(ConfChange.Kind.REMOVE, 2, new byte[0]);
        LoneNode lone = new LoneNode(ConfState.ofVoters(List.of(1L, 2L)), new HardState(1, 0, 0), 1);
        lone.step(new Message.AppendRequest(2, 1, 1, 1, 1, List.of(LoneNode.entry(1, 2, removal)), 1));
        lone.node.campaign();
        lone.drain();

        lone.step(new Message.PreVoteResponse(2, 1, 1, false, commit, commitTerm));
        lone.node.campaign();
        lone.drain();

        assertThat(lone.node.status().role() == Role.LEADER).isEqualTo(leads);
    }
}
