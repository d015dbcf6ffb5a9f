package dev.keelson.engine.forward;

import dev.keelson.engine.NodeLimits;
import dev.keelson.engine.Reply;
import dev.keelson.engine.Transport;
import dev.keelson.engine.consensus.RaftLoop;
import dev.keelson.engine.forward.Forward.Answered;
import dev.keelson.engine.forward.Forward.Asked;
import dev.keelson.mvcc.StoreError;
import dev.keelson.mvcc.StoreException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Puts questions to the leader, whoever that is: to this member itself or over the link to another one.
 *
 * <p>A question is put again when another member leads, when whoever was asked no longer does, and when an answer does not
 * come; until there is one, the time of the request is over, or nobody waits for it any more: a renewal that its client
 * gave up must not reach a leader elected seconds later, the lease would outlive its owner by as much. Late and doubled
 * answers count for nothing.
 *
 * <p>Thread rule: any thread; nothing blocks.
 */
public final class LeaderQuestions {

    private static final long NOBODY = 0;

    private final long self;
    private final RaftLoop loop;
    private final Transport transport;
    private final Answerer answerer;
    private final AtomicLong nextId;
    private final ConcurrentMap<Long, Pending> pending = new ConcurrentHashMap<>();
    private final AtomicInteger pendingCount = new AtomicInteger();

    /** A question that waits for its answer. */
    private static final class Pending {
        final long id;
        final Question question;
        final long deadlineTick;
        final Reply<Answer> reply;

        /** Who was asked last; {@link #NOBODY} when somebody has to be asked at the next tick. */
        volatile long asked = NOBODY;

        volatile long askedTick;

        Pending(long id, Question question, long deadlineTick, Reply<Answer> reply) {
            this.id = id;
            this.question = question;
            this.deadlineTick = deadlineTick;
            this.reply = reply;
        }
    }

    /** @param firstId where the ids of this incarnation's questions begin */
    public LeaderQuestions(long self, long firstId, RaftLoop loop, Transport transport, Answerer answerer) {
        this.self = self;
        this.nextId = new AtomicLong(firstId);
        this.loop = loop;
        this.transport = transport;
        this.answerer = answerer;
    }

    /** Puts a question; the reply is never {@link Answer.Refused}: that is a failure. */
    public void ask(Question question, long deadlineTick, Reply<Answer> reply) {
        if (pendingCount.incrementAndGet() > NodeLimits.LEADER_QUESTIONS_MAX) {
            pendingCount.decrementAndGet();
            reply.fail(new StoreException(StoreError.TOO_MANY_REQUESTS));
            return;
        }
        var asked = new Pending(nextId.getAndIncrement(), question, deadlineTick, reply);
        pending.put(asked.id, asked);
        put(asked, loop.status().leader());
    }

    private void put(Pending question, long leader) {
        question.askedTick = loop.now();
        question.asked = leader;
        if (leader == self) {
            answerer.answer(question.question, new Reply<>() {
                @Override
                public void succeed(Answer answer) {
                    answered(question, answer);
                }

                @Override
                public void fail(StoreException error) {
                    answered(question, new Answer.Refused(error.error()));
                }
            });
        } else if (leader != NOBODY) {
            transport.send(new Asked(self, leader, question.id, question.question));
        }
    }

    private void answered(Pending question, Answer answer) {
        if (answer instanceof Answer.Refused(StoreError error)) {
            if (isForAnother(error)) {
                question.asked = NOBODY;
            } else if (claim(question)) {
                question.reply.fail(new StoreException(error));
            }
        } else if (claim(question)) {
            question.reply.succeed(answer);
        }
    }

    /** Whether the next leader may know better: whoever was asked does not lead, no longer leads, or is about to end. */
    private static boolean isForAnother(StoreError error) {
        return switch (error) {
            case NOT_LEADER, LEADER_CHANGED, NO_LEADER, STOPPED, TIMEOUT_LEADER_FAILURE -> true;
            default -> false;
        };
    }

    private boolean claim(Pending question) {
        boolean mine = pending.remove(question.id, question);
        if (mine) {
            pendingCount.decrementAndGet();
        }
        return mine;
    }

    /** A question or an answer of a peer that has proved who it is. */
    public void receive(Forward message) {
        switch (message) {
            case Asked asked -> answerTo(asked);
            case Answered(long from, long _, long id, Answer answer) -> {
                Pending question = pending.get(id);
                // One who was asked before and says only now that he does not lead, says nothing about who does.
                if (question != null && (from == question.asked || !(answer instanceof Answer.Refused))) {
                    answered(question, answer);
                }
            }
        }
    }

    private void answerTo(Asked asked) {
        answerer.answer(asked.question(), new Reply<>() {
            @Override
            public void succeed(Answer answer) {
                transport.send(new Answered(self, asked.from(), asked.id(), answer));
            }

            @Override
            public void fail(StoreException error) {
                succeed(new Answer.Refused(error.error()));
            }
        });
    }

    /** Puts questions again whose answers do not come, and gives up those whose time is over. */
    public void tick() {
        long now = loop.now();
        long leader = loop.status().leader();
        for (Pending question : pending.values()) {
            if (question.deadlineTick <= now || !question.reply.isAwaited()) {
                if (claim(question)) {
                    question.reply.fail(
                            new StoreException(leader == NOBODY ? StoreError.NO_LEADER : StoreError.TIMEOUT));
                }
            } else if (isToBePutAgain(question, leader, now)) {
                put(question, leader);
            }
        }
    }

    private boolean isToBePutAgain(Pending question, long leader, long now) {
        if (leader == NOBODY) {
            return false;
        }
        if (question.asked != leader) {
            return true;
        }
        // What this member itself was asked is not lost on a way.
        return leader != self && now - question.askedTick >= NodeLimits.LEADER_QUESTION_RETRY_TICKS;
    }

    /** Fails everything that waits; for the end of the node. */
    public void failAll(StoreError error) {
        for (Pending question : pending.values()) {
            if (claim(question)) {
                question.reply.fail(new StoreException(error));
            }
        }
    }
}
