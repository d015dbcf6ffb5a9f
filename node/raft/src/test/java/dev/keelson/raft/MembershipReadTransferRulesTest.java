package dev.keelson.raft;

import static dev.keelson.raft.LoneNode.entry;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keelson.raft.confchange.ConfChange;
import dev.keelson.raft.confchange.ConfChange.Kind;
import dev.keelson.raft.confchange.ConfState;
import dev.keelson.raft.log.HardState;
import dev.keelson.raft.log.SnapshotMetadata;
import dev.keelson.raft.message.Message;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Thesis 4.1, 4.2 (membership), 6.4 (reads), 3.10 (transfer), and snapshots (paper 7). */
class MembershipReadTransferRulesTest {

    private static ConfChange change(Kind kind, long id) {
        return new ConfChange(kind, id, new byte[0]);
    }

    private static LoneNode leader() {
        LoneNode lone = LoneNode.ofThree(1).elect();
        lone.acknowledge(2, 1);
        lone.sent.clear();
        return lone;
    }

    @Test
    void aNewLeaderProposesNoChangeBeforeWhatItInheritedIsApplied() {
        LoneNode lone = LoneNode.ofThree(1, 1).elect();
        assertThat(lone.node.proposeConfChange(change(Kind.ADD_LEARNER, 4)))
                .isEqualTo(ProposalResult.CONF_CHANGE_PENDING);
        lone.acknowledge(2, 2);
        assertThat(lone.node.proposeConfChange(change(Kind.ADD_LEARNER, 4))).isEqualTo(ProposalResult.ACCEPTED);
    }

    @Test
    void aCommittedChangeThatIsNotAppliedForbidsToCampaign() {
        // etcd raft #456: with the old configuration two members could win the same term.
        LoneNode lone = LoneNode.ofThree(1);
        lone.node.step(new Message.AppendRequest(2, 1, 1, 0, 0, List.of(entry(1, 1, change(Kind.ADD_VOTER, 4))), 1));
        Ready ready = lone.node.ready();
        lone.disk.append(ready.hardState(), ready.entries());
        lone.node.onPersisted(ready.term(), 1);
        lone.node.campaign();
        assertThat(lone.status().role()).isEqualTo(Role.FOLLOWER);
        assertThat(lone.node.ready().committedEntries()).hasSize(1);
        lone.node.onApplied(1);
        lone.node.campaign();
        assertThat(lone.status().role())
                .as("applied, but the core was not told of the change")
                .isEqualTo(Role.FOLLOWER);
        lone.node.applyConfChange(change(Kind.ADD_VOTER, 4));
        lone.node.campaign();
        assertThat(lone.status().role()).isEqualTo(Role.PRE_CANDIDATE);
    }

    @Test
    void aLearnerIsNotCountedTowardsTheQuorum() {
        var lone = new LoneNode(new ConfState(List.of(1L, 2L, 3L), List.of(), List.of(4L, 5L)), new HardState(1, 0, 0));
        lone.elect();
        lone.diskHeld = true;
        lone.acknowledge(2, 1);
        lone.node.propose(List.of(new byte[1]));
        lone.drain();
        lone.acknowledge(4, 2);
        lone.acknowledge(5, 2);
        assertThat(lone.status().commit()).isEqualTo(1);
        lone.acknowledge(2, 2);
        lone.acknowledge(3, 2);
        assertThat(lone.status().commit()).isEqualTo(2);
    }

    @Test
    void aRemovedLeaderStepsDownWhenTheChangeIsAppliedNotBefore() {
        LoneNode lone = leader();
        lone.node.proposeConfChange(change(Kind.REMOVE, 1));
        lone.drain();
        assertThat(lone.status().role()).isEqualTo(Role.LEADER);
        lone.acknowledge(2, 2);
        assertThat(lone.status().role()).isEqualTo(Role.FOLLOWER);
        lone.tick(100);
        assertThat(lone.status().role()).isEqualTo(Role.FOLLOWER);
    }

    @Test
    void aReadBeforeTheFirstCommitOfTheTermWaitsForIt() {
        LoneNode lone = LoneNode.ofThree(1, 1).elect();
        lone.node.readIndex(7);
        lone.drain();
        lone.step(new Message.HeartbeatResponse(2, 1, 2, 99));
        assertThat(lone.reads).isEmpty();
        lone.acknowledge(2, 2);
        long nonce = lone.take(Message.Heartbeat.class).getLast().readNonce();
        lone.step(new Message.HeartbeatResponse(2, 1, 2, nonce));
        assertThat(lone.reads).containsExactly(new ReadState(7, 2));
    }

    @Test
    void readsShareARoundAndALateAnswerConfirmsNoLaterRead() {
        LoneNode lone = leader();
        lone.node.readIndex(1);
        lone.node.readIndex(2);
        lone.drain();
        List<Message.Heartbeat> round = lone.take(Message.Heartbeat.class);
        assertThat(round).hasSize(2);
        lone.node.readIndex(3);
        lone.drain();
        long later = lone.take(Message.Heartbeat.class).getFirst().readNonce();
        var answer = new Message.HeartbeatResponse(2, 1, 2, round.getFirst().readNonce());
        lone.step(answer);
        lone.step(answer);
        assertThat(lone.reads).extracting(ReadState::requestId).containsExactly(1L, 2L);
        lone.step(new Message.HeartbeatResponse(3, 1, 2, later));
        assertThat(lone.reads).extracting(ReadState::requestId).containsExactly(1L, 2L, 3L);
    }

    @Test
    void aLearnersAnswerConfirmsNoRead() {
        var lone = new LoneNode(new ConfState(List.of(1L, 2L, 3L), List.of(), List.of(4L)), new HardState(1, 0, 0));
        lone.elect().acknowledge(2, 1);
        lone.node.readIndex(7);
        lone.drain();
        long nonce = lone.take(Message.Heartbeat.class).getLast().readNonce();
        lone.step(new Message.HeartbeatResponse(4, 1, 2, nonce));
        assertThat(lone.reads).isEmpty();
    }

    @Test
    void aFollowerPassesReadsProposalsAndTransfersOn() {
        LoneNode lone = LoneNode.ofThree(1);
        assertThat(lone.node.propose(List.of(new byte[1]))).isEqualTo(ProposalResult.NO_LEADER);
        lone.step(new Message.Heartbeat(2, 1, 1, 0, 0));
        lone.sent.clear();
        lone.node.propose(List.of(new byte[1]));
        lone.node.readIndex(7);
        lone.node.transferLeader(1);
        lone.drain();
        assertThat(lone.sent)
                .hasExactlyElementsOfTypes(
                        Message.Propose.class, Message.ReadIndexRequest.class, Message.TransferLeader.class)
                .allMatch(message -> message.to() == 2);
        lone.step(new Message.ReadIndexResponse(2, 1, 1, 7, 5));
        assertThat(lone.reads).containsExactly(new ReadState(7, 5));
    }

    @Test
    void theTargetOfATransferIsCaughtUpBeforeItIsToldToCampaign() {
        LoneNode lone = leader();
        lone.node.transferLeader(3);
        lone.drain();
        assertThat(lone.take(Message.TimeoutNow.class)).isEmpty();
        assertThat(lone.node.propose(List.of(new byte[1]))).isEqualTo(ProposalResult.TRANSFERRING);
        lone.acknowledge(3, 1);
        assertThat(lone.take(Message.TimeoutNow.class)).hasSize(1);
    }

    @Test
    void aTransferIsGivenUpAfterAnElectionTimeout() {
        LoneNode lone = leader();
        lone.node.transferLeader(3);
        for (int i = 0; i < LoneNode.ELECTION_TICKS; i++) {
            lone.tick(1);
            lone.step(new Message.HeartbeatResponse(2, 1, 2, 0));
        }
        assertThat(lone.status().leadTransferee()).isZero();
        assertThat(lone.node.propose(List.of(new byte[1]))).isEqualTo(ProposalResult.ACCEPTED);
    }

    @Test
    void aPendingSnapshotIsNeitherAcknowledgedNorStoredAsCommitted() {
        LoneNode lone = LoneNode.ofThree(1, 1);
        ConfState voters = ConfState.ofVoters(List.of(1L, 2L, 3L));
        // Entry 2 is taken over and not handed out yet when the snapshot comes: its answer must not leave.
        lone.node.step(new Message.AppendRequest(2, 1, 1, 1, 1, List.of(entry(1, 2)), 1));
        lone.node.step(new Message.InstallSnapshot(2, 1, 1, new SnapshotMetadata(9, 1, voters)));
        lone.node.step(new Message.AppendRequest(2, 1, 1, 9, 1, List.of(entry(1, 10)), 9));
        Ready ready = lone.node.ready();
        assertThat(ready.snapshot()).isNotNull();
        assertThat(ready.entries()).isEmpty();
        assertThat(ready.messagesAfterSync()).isEmpty();
        assertThat(ready.hardState()).isEqualTo(new HardState(1, 0, 1));
        lone.disk.reset(new SnapshotMetadata(9, 1, voters));
        lone.node.onSnapshotInstalled(new SnapshotMetadata(9, 1, voters));
        Ready after = lone.node.ready();
        assertThat(after.hardState()).isEqualTo(new HardState(1, 0, 9));
        assertThat(after.messages()).containsExactly(new Message.AppendResponse(1, 2, 1, 9, false, 0, 0));
    }

    @Test
    void aSnapshotOfWhatTheLogHasOnlyMovesTheCommitIndex() {
        LoneNode lone = LoneNode.ofThree(1, 1, 1, 1);
        lone.step(new Message.InstallSnapshot(
                2, 1, 1, new SnapshotMetadata(2, 1, ConfState.ofVoters(List.of(1L, 2L, 3L)))));
        assertThat(lone.status().commit()).isEqualTo(2);
        assertThat(lone.status().lastIndex()).isEqualTo(3);
        assertThat(lone.applied).hasSize(2);
    }
}
