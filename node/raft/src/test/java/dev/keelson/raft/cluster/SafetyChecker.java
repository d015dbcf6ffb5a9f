package dev.keelson.raft.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keelson.raft.RaftStatus;
import dev.keelson.raft.ReadState;
import dev.keelson.raft.Role;
import dev.keelson.raft.log.Entry;
import dev.keelson.raft.message.Message;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * What must hold however a run goes (paper, figure 3), seen from outside: it knows only what members say, store and apply.
 */
final class SafetyChecker {

    private record Position(long term, long index) {}

    private record Leadership(long id, int incarnation) {}

    private record Ballot(long voter, long term) {}

    private final Map<Long, Leadership> leaders = new HashMap<>();
    private final Map<Ballot, Long> ballots = new HashMap<>();
    private final Map<Position, Entry> created = new HashMap<>();
    private final Map<Position, Long> predecessors = new HashMap<>();
    private final Map<Long, Entry> committed = new HashMap<>();
    private final Map<Long, Long> committedBy = new HashMap<>();
    private final Map<Long, RaftStatus> last = new HashMap<>();
    private final Map<Long, Long> reads = new HashMap<>();
    private long commitMax;
    private long confirmedReads;

    long commitMax() {
        return commitMax;
    }

    long confirmedReads() {
        return confirmedReads;
    }

    int leaderCount() {
        return leaders.size();
    }

    /**
     * Election safety; nothing of a member goes back while it runs. A leader of itself alone leads before its term is
     * durable, says nothing to anybody, and may lead the term again after a crash.
     */
    void observe(RaftStatus now, int incarnation, long durableTerm) {
        if (now.role() == Role.LEADER && durableTerm >= now.term()) {
            var leadership = new Leadership(now.id(), incarnation);
            assertThat(leaders.computeIfAbsent(now.term(), _ -> leadership))
                    .as("the leader of term %d", now.term())
                    .isEqualTo(leadership);
        }
        RaftStatus before = last.put(now.id(), now);
        if (before != null) {
            assertThat(now.term()).as("term of %d", now.id()).isGreaterThanOrEqualTo(before.term());
            assertThat(now.commit()).as("commit of %d", now.id()).isGreaterThanOrEqualTo(before.commit());
            assertThat(now.applied()).as("applied of %d", now.id()).isGreaterThanOrEqualTo(before.applied());
            if (now.term() == before.term() && before.vote() != 0) {
                assertThat(now.vote()).as("vote of %d", now.id()).isEqualTo(before.vote());
            }
        }
        commitMax = Math.max(commitMax, now.commit());
    }

    /** Figure 8 of the paper: an entry of an earlier term on a majority may still be replaced. */
    void committedByCounting(RaftStatus leader, Entry last) {
        assertThat(last.term())
                .as("term of what leader %d commits", leader.id())
                .isEqualTo(leader.term());
    }

    void crashed(long id) {
        last.remove(id);
    }

    /** One ballot a term for ever, whatever crashes; entries of one term and index are one entry. */
    void sent(Message message, MemoryDisk disk) {
        switch (message) {
            case Message.VoteResponse vote -> {
                if (vote.granted()) {
                    ballot(vote.from(), vote.term(), vote.to());
                }
            }
            case Message.VoteRequest request -> ballot(request.from(), request.term(), request.from());
            case Message.AppendRequest append -> {
                assertThat(append.term())
                        .as("the term in which %d leads is durable there", append.from())
                        .isLessThanOrEqualTo(disk.durable().hardState().term());
                long term = append.prevTerm();
                for (Entry entry : append.entries()) {
                    entry(entry, term);
                    term = entry.term();
                }
            }
            case Message.AppendResponse response -> {
                // One of an earlier term may speak of entries that a later leader has replaced since; by then this
                // member voted, or refused to, with those entries in its log, and that is what the answer promises.
                if (!response.rejected()
                        && response.term() == disk.durable().hardState().term()) {
                    assertThat(response.index())
                            .as("what %d acknowledges", response.from())
                            .isLessThanOrEqualTo(disk.durable().lastIndex());
                }
            }
            case Message.PreVoteRequest _,
                    Message.PreVoteResponse _,
                    Message.Heartbeat _,
                    Message.HeartbeatResponse _,
                    Message.InstallSnapshot _,
                    Message.TimeoutNow _,
                    Message.Propose _,
                    Message.ReadIndexRequest _,
                    Message.ReadIndexResponse _,
                    Message.TransferLeader _ -> {}
        }
    }

    private void ballot(long voter, long term, long candidate) {
        assertThat(ballots.computeIfAbsent(new Ballot(voter, term), _ -> candidate))
                .as("vote of %d in term %d", voter, term)
                .isEqualTo(candidate);
    }

    /** Log matching: a term and an index name one entry, and one before it. */
    void entry(Entry entry, long prevTerm) {
        var position = new Position(entry.term(), entry.index());
        assertThat(created.computeIfAbsent(position, _ -> entry))
                .as("log matching")
                .isEqualTo(entry);
        assertThat(predecessors.computeIfAbsent(position, _ -> prevTerm))
                .as("term before %s", entry)
                .isEqualTo(prevTerm);
    }

    /** State machine safety; {@code disk} holds what is applied, durable; {@code term} is the member's. */
    void applied(long id, Entry entry, MemoryDisk disk, long term) {
        committedBy.putIfAbsent(entry.index(), term);
        assertThat(committed.computeIfAbsent(entry.index(), _ -> entry))
                .as("applied by %d", id)
                .isEqualTo(entry);
        MemoryDisk.Image durable = disk.durable();
        assertThat(durable.lastIndex()).as("durable on %d", id).isGreaterThanOrEqualTo(entry.index());
        if (entry.index() > durable.start().index()) {
            assertThat(durable.at(entry.index())).as("durable on %d", id).isEqualTo(entry);
        }
    }

    /** Leader completeness: whoever leads a later term has everything that is committed. */
    void leads(long id, long term, MemoryDisk.Image log) {
        for (Entry entry : committed.values()) {
            boolean earlier = committedBy.getOrDefault(entry.index(), term) < term;
            if (earlier && entry.index() > log.start().index()) {
                assertThat(log.lastIndex()).as("the log of leader %d", id).isGreaterThanOrEqualTo(entry.index());
                assertThat(log.at(entry.index())).as("the log of leader %d", id).isEqualTo(entry);
            }
        }
    }

    void readAsked(long requestId) {
        reads.put(requestId, commitMax);
    }

    /** Linearizable: a read sees everything that was committed when it was asked for. */
    void readConfirmed(ReadState state) {
        Long asked = reads.get(state.requestId());
        assertThat(asked).isNotNull();
        assertThat(state.index()).as("read %d", state.requestId()).isGreaterThanOrEqualTo(asked);
        confirmedReads++;
    }

    boolean hasApplied(byte[] payload) {
        return committed.values().stream().anyMatch(entry -> Arrays.equals(entry.payload(), payload));
    }
}
