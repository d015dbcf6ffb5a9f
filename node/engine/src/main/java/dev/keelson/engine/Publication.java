package dev.keelson.engine;

import dev.keelson.engine.apply.ApplyWorker;
import dev.keelson.engine.apply.Command;
import dev.keelson.engine.consensus.RaftLoop;
import dev.keelson.mvcc.StoreException;
import dev.keelson.raft.RaftStatus;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Makes this member known to the cluster under its name, and the cluster's version agreed on; asks again until it is.
 *
 * <p>Thread rule: any thread.
 */
final class Publication {

    private final EngineConfig config;
    private final Requests requests;
    private final RaftLoop loop;
    private final ApplyWorker apply;
    private final EngineListener listener;
    private final Queue<Runnable> nextTick = new ConcurrentLinkedQueue<>();
    private volatile boolean published;

    Publication(EngineConfig config, Requests requests, RaftLoop loop, ApplyWorker apply, EngineListener listener) {
        this.config = config;
        this.requests = requests;
        this.loop = loop;
        this.apply = apply;
        this.listener = listener;
    }

    boolean isPublished() {
        return published;
    }

    void begin() {
        requests.propose(
                new Command.Publish(config.memberId(), config.name(), config.clientUrls()), new Reply<Object>() {
                    @Override
                    public void succeed(Object result) {
                        published = true;
                        listener.published();
                        agreeOnVersion();
                    }

                    @Override
                    public void fail(StoreException error) {
                        nextTick.add(Publication.this::begin);
                    }
                });
    }

    /** A new leader agrees with the others on a version if nobody has yet. */
    void leaderChanged() {
        if (published) {
            agreeOnVersion();
        }
    }

    /** Tries again what failed since the last tick. */
    void tick() {
        for (Runnable again = nextTick.poll(); again != null; again = nextTick.poll()) {
            again.run();
        }
    }

    private void agreeOnVersion() {
        RaftStatus status = loop.status();
        if (status.leader() == config.memberId() && apply.membership().clusterVersion() == null) {
            requests.propose(new Command.SetClusterVersion(config.clusterVersion()), new Reply<Object>() {
                @Override
                public void succeed(Object result) {
                    listener.clusterVersionSet(config.clusterVersion());
                }

                @Override
                public void fail(StoreException error) {
                    nextTick.add(Publication.this::agreeOnVersion);
                }
            });
        }
    }
}
