package dev.keelson.server.member;

import dev.keelson.engine.Member;
import dev.keelson.engine.NodeEngine;
import dev.keelson.engine.Reply;
import dev.keelson.mvcc.StoreException;
import dev.keelson.raft.message.Message;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/**
 * Keeps a member out of the cluster, until its data are known not to contradict those of the others.
 *
 * <p>While it compares it answers what others ask, since they may be about to do the same, but hears nothing of consensus.
 *
 * <p>Thread rule: {@link #run} waits; {@link #letPass} from any thread.
 */
final class StartComparison {

    private final String self;
    private final MemberEvents events;
    private volatile boolean over;

    /** @param over whether there is nothing to compare */
    StartComparison(long self, boolean over, MemberEvents events) {
        this.self = String.format("%016x", self);
        this.over = over;
        this.events = events;
    }

    /** Hands a message of consensus on, or drops it, as a network may, before the member takes part. */
    void letPass(Message message, NodeEngine node) {
        if (over) {
            node.receive(message);
        }
    }

    /**
     * Compares, for as long as the others may take to answer.
     *
     * @param meet opens the ways to the members
     * @throws ContradictedException when another member has other data
     * @throws IllegalStateException when the member's own data do not come to a hash
     */
    void run(NodeEngine node, long tickMillis, Consumer<List<Member>> meet) {
        if (over) {
            return;
        }
        node.memberList(false, new Reply<>() {
            @Override
            public void succeed(List<Member> members) {
                meet.accept(members);
            }

            @Override
            public void fail(StoreException error) {
                throw new IllegalStateException("a list of members that asks nobody", error);
            }
        });
        events.info("starting initial corruption check", "local-member-id", self);
        var odd = new CompletableFuture<List<Long>>();
        node.maintenance().compareAtStart(new Reply<>() {
            @Override
            public void succeed(List<Long> members) {
                odd.complete(members);
            }

            @Override
            public void fail(StoreException error) {
                odd.completeExceptionally(error);
            }
        });
        List<Long> contradicting = await(odd, node, tickMillis);
        if (!contradicting.isEmpty()) {
            throw new ContradictedException(
                    self,
                    contradicting.stream().map(id -> String.format("%016x", id)).toList());
        }
        events.info("initial corruption checking passed; no corruption", "local-member-id", self);
        over = true;
    }

    private static List<Long> await(CompletableFuture<List<Long>> odd, NodeEngine node, long tickMillis) {
        while (true) {
            try {
                return odd.get(tickMillis, TimeUnit.MILLISECONDS);
            } catch (TimeoutException notYet) {
                node.maintenance().tickBeforeStart();
            } catch (ExecutionException failed) {
                Throwable cause = Objects.requireNonNullElse(failed.getCause(), failed);
                throw new IllegalStateException(
                        "the initial corruption check failed: this member's data have no hash: " + cause.getMessage(),
                        cause);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(interrupted);
            }
        }
    }
}
