package dev.keelson.engine.membership;

import dev.keelson.engine.EngineConfig;
import dev.keelson.engine.Member;
import dev.keelson.engine.NodeLimits;
import dev.keelson.engine.Reply;
import dev.keelson.engine.Requests;
import dev.keelson.engine.Transport;
import dev.keelson.engine.apply.ApplyWorker;
import dev.keelson.engine.consensus.RaftLoop;
import dev.keelson.engine.forward.Answer;
import dev.keelson.engine.forward.LeaderQuestions;
import dev.keelson.engine.forward.Question;
import dev.keelson.mvcc.StoreError;
import dev.keelson.mvcc.StoreException;
import dev.keelson.raft.ProposalResult;
import dev.keelson.raft.RaftStatus.PeerStatus;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What clients ask of the membership; every reply carries the members after the change.
 *
 * <p>The consensus core takes one change at a time and drops the others without a word to a follower, so a change is
 * proposed again until it has come out of the log or its time is over; a doubled one has no effect.
 *
 * <p>Thread rule: any thread; nothing blocks, replies come on the node's workers.
 */
public final class MemberRequests {

    /** The part of the leader's log that a learner must have before it may vote (as etcd). */
    private static final double READY_PART = 0.9;

    private final EngineConfig config;
    private final Parts parts;
    private final StrictChecks checks;
    private final LeaderMoves moves;
    private final Map<Long, Open> open = new ConcurrentHashMap<>();

    /** The parts of a node this class works on. */
    public record Parts(
            Requests requests, LeaderQuestions questions, RaftLoop loop, ApplyWorker apply, Transport transport) {}

    /** A change that has not come out of the log. */
    private static final class Open {
        final MemberChange change;
        volatile long proposeAtTick;

        Open(MemberChange change) {
            this.change = change;
        }
    }

    public MemberRequests(EngineConfig config, Parts parts) {
        this.config = config;
        this.parts = parts;
        this.checks = new StrictChecks(config.memberId(), parts.transport()::connectedMillis);
        this.moves = new LeaderMoves(config.memberId(), parts);
    }

    /** Takes a member in; it has no name until it starts. */
    public void add(Member member, Reply<List<Member>> reply) {
        if (isAllowed(reply, () -> checks.beforeAdding(member, members()))) {
            change(MemberChange.Kind.ADD, member, reply);
        }
    }

    public void remove(long id, Reply<List<Member>> reply) {
        if (isAllowed(reply, () -> checks.beforeRemoving(id, members()))) {
            change(MemberChange.Kind.REMOVE, bare(id, List.of()), reply);
        }
    }

    /** Tells the others where to reach a member from now on. */
    public void update(long id, List<String> peerUrls, Reply<List<Member>> reply) {
        change(MemberChange.Kind.UPDATE, bare(id, peerUrls), reply);
    }

    /** Gives a learner a vote, if the leader finds that it has nearly all of the log. */
    public void promote(long id, Reply<List<Member>> reply) {
        parts.questions()
                .ask(new Question.LearnerReadiness(id), parts.requests().deadlineTick(), new Reply<>() {
                    @Override
                    public void succeed(Answer ready) {
                        change(MemberChange.Kind.PROMOTE, bare(id, List.of()), reply);
                    }

                    @Override
                    public void fail(StoreException error) {
                        reply.fail(error);
                    }
                });
    }

    /** Lets another voter lead; only the leader does that. The reply carries the new leader. */
    public void moveLeader(long target, Reply<Long> reply) {
        moves.begin(target, reply);
    }

    /** Answers where this member leads. */
    public void answer(Question.LearnerReadiness question, Reply<Answer> reply) {
        parts.loop().post(core -> {
            List<PeerStatus> peers = core.peers();
            if (peers.isEmpty()) {
                reply.fail(new StoreException(StoreError.NOT_LEADER));
            } else if (isReady(question.member(), peers, reply)
                    && isAllowed(reply, () -> StrictChecks.beforePromoting(members()))) {
                reply.succeed(new Answer.LearnerReady());
            }
        });
    }

    private boolean isReady(long learner, List<PeerStatus> peers, Reply<Answer> reply) {
        Optional<PeerStatus> found = find(learner, peers);
        if (found.isEmpty()) {
            reply.fail(new StoreException(StoreError.MEMBER_NOT_FOUND));
            return false;
        }
        long own = find(config.memberId(), peers).map(PeerStatus::match).orElse(0L);
        if (found.get().match() < READY_PART * own) {
            reply.fail(new StoreException(StoreError.LEARNER_NOT_READY));
            return false;
        }
        return true;
    }

    private static Optional<PeerStatus> find(long member, List<PeerStatus> peers) {
        return peers.stream().filter(peer -> peer.id() == member).findFirst();
    }

    private boolean isAllowed(Reply<?> reply, Runnable check) {
        try {
            if (config.reconfiguration().strict()) {
                check.run();
            }
            return true;
        } catch (StoreException refused) {
            reply.fail(refused);
            return false;
        }
    }

    private List<Member> members() {
        return parts.apply().membership().all();
    }

    private static Member bare(long id, List<String> peerUrls) {
        return new Member(id, "", peerUrls, List.of(), false);
    }

    private void change(MemberChange.Kind kind, Member member, Reply<List<Member>> reply) {
        if (open.size() >= NodeLimits.MEMBER_CHANGES_MAX) {
            reply.fail(new StoreException(StoreError.TOO_MANY_REQUESTS));
            return;
        }
        long requestId = parts.requests().await(reply);
        var opened = new Open(new MemberChange(
                requestId, kind, member, config.reconfiguration().learnersMax()));
        open.put(requestId, opened);
        propose(opened);
    }

    private void propose(Open opened) {
        opened.proposeAtTick = parts.loop().now() + NodeLimits.MEMBER_CHANGE_RETRY_TICKS;
        parts.loop().post(core -> {
            if (core.proposeConfChange(opened.change.toConfChange()) != ProposalResult.ACCEPTED) {
                opened.proposeAtTick = parts.loop().now();
            }
        });
    }

    /** Proposes again what seems lost, and forgets what is answered. */
    public void tick() {
        open.values().removeIf(each -> !parts.requests().isPending(each.change.requestId()));
        open.values().stream()
                .filter(each -> parts.loop().now() >= each.proposeAtTick)
                .forEach(this::propose);
        moves.tick();
    }

    /** Fails what waits here; for the end of the node. */
    public void failAll(StoreError error) {
        moves.failAll(error);
    }
}
