package dev.keelson.engine.maintenance;

import dev.keelson.engine.EngineConfig;
import dev.keelson.engine.EnginePorts;
import dev.keelson.engine.Reply;
import dev.keelson.engine.Requests;
import dev.keelson.engine.StoreGate;
import dev.keelson.engine.apply.ApplyWorker;
import dev.keelson.engine.apply.Command;
import dev.keelson.engine.apply.CompactionRunner;
import dev.keelson.engine.consensus.RaftLoop;
import dev.keelson.engine.forward.Answer;
import dev.keelson.engine.forward.Forward;
import dev.keelson.engine.forward.PeerQuestions;
import dev.keelson.engine.forward.Question;
import dev.keelson.engine.maintenance.AutoCompaction.Compactor;
import dev.keelson.mvcc.StoreError;
import dev.keelson.mvcc.StoreException;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What clients ask to keep the cluster fit, and what a node does for that by itself.
 *
 * <p>Thread rule: {@link #tick} and {@link #tickBeforeStart} by one thread, everything else by any; nothing blocks, replies
 * come on the node's workers.
 */
public final class Maintenance {

    private final EngineConfig config;
    private final Parts parts;
    private final PeerQuestions peers;
    private final SpaceGuard space;
    private final AutoCompaction compaction;
    private final Defragmentation defragmentation;
    private final HistoryChecks checks;
    private final VersionKeeper versions;

    /** The parts of a node this class works on. */
    public record Parts(
            Requests requests,
            RaftLoop loop,
            ApplyWorker apply,
            StoreGate gate,
            CompactionRunner compactions,
            EnginePorts ports) {}

    /** @throws UnknownVersionException when the cluster has moved on to a version that this member cannot run as */
    public Maintenance(EngineConfig config, Parts parts, SpaceGuard space) {
        this.config = config;
        this.parts = parts;
        this.space = space;
        ClusterVersion own = ClusterVersion.parse(config.clusterVersion()).orElseThrow();
        UnknownVersionException.requireKnown(own, parts.apply().membership().clusterVersion());
        BooleanSupplier leads = () -> parts.loop().status().leader() == config.memberId();
        this.peers = new PeerQuestions(
                config.memberId(), config.firstRequestId(), parts.ports().transport());
        Compactor compactor = (revision, reply) -> parts.requests().propose(new Command.Compact(revision), reply);
        this.compaction = new AutoCompaction(
                config.maintenance().compaction(),
                new AutoCompaction.Parts(() -> parts.gate().store().revision(), leads, compactor));
        this.defragmentation = new Defragmentation(
                new Defragmentation.Parts(parts.ports().snapshots(), parts.apply(), parts.gate(), parts.compactions()));
        long requestTicks = config.timing().requestTicks();
        this.checks = new HistoryChecks(
                config.memberId(),
                config.maintenance().checks(),
                new HistoryChecks.Parts(
                        parts.requests(), parts.ports().workers().reads(), parts.apply(), peers, leads, requestTicks));
        this.versions = new VersionKeeper(
                new VersionKeeper.Settings(
                        config.memberId(), own, config.maintenance().downgradeCheckMillis(), requestTicks),
                new VersionKeeper.Parts(
                        parts.requests(),
                        parts.apply(),
                        peers,
                        leads,
                        parts.ports().listener()));
    }

    /** Lists, raises or clears alarms; the reply carries those that the request was about. */
    public void alarm(Command.Alarm request, Reply<List<RaisedAlarm>> reply) {
        parts.requests().propose(request, reply);
    }

    /** The alarms that are raised as far as this member has applied the log. */
    public List<RaisedAlarm> alarms() {
        return parts.apply().alarms().all();
    }

    /** Says whether this member's disk has less free than it takes to go on safely. */
    public void diskIsShort(boolean isShort) {
        space.diskIsShort(isShort);
    }

    /** Gives the space of removed rows back while the node goes on; the reply carries the size of the store thereafter. */
    public void defragment(Reply<Long> reply) {
        defragmentation.begin(reply);
    }

    /** Looks whether the cluster may go down to a version; the reply carries the one it has. */
    public void validateDowngrade(String target, Reply<ClusterVersion> reply) {
        versions.validate(target, reply);
    }

    /** Orders a downgrade; the reply carries the version that the cluster has before. */
    public void enableDowngrade(String target, Reply<ClusterVersion> reply) {
        versions.enable(target, reply);
    }

    /** Calls a downgrade off; the reply carries the version that the cluster has. */
    public void cancelDowngrade(Reply<ClusterVersion> reply) {
        versions.cancel(reply);
    }

    /** The version that a downgrade under way leads to, null when there is none. */
    public @Nullable ClusterVersion downgradeTarget() {
        return parts.apply().downgrade().target();
    }

    /**
     * Compares this member's history with those of the others before it takes part; the reply carries the members that
     * contradict it. Needs {@link #tickBeforeStart}.
     */
    public void compareAtStart(Reply<List<Long>> reply) {
        checks.compareAtStart(reply);
    }

    /** Answers what another member asks of this one. */
    public void answer(Question.OfMember question, Reply<Answer> reply) {
        switch (question) {
            case Question.HashOfHistory(long revision) ->
                checks.hash(revision, new Reply<>() {
                    @Override
                    public void succeed(HistoryHash hash) {
                        reply.succeed(new Answer.HistoryHashed(hash));
                    }

                    @Override
                    public void fail(StoreException error) {
                        reply.fail(error);
                    }
                });
            case Question.VersionOfMember() -> reply.succeed(new Answer.MemberVersion(config.clusterVersion()));
        }
    }

    /** A message of a peer that has proved who it is; false when it is no answer to a question that was put here. */
    public boolean receive(Forward message) {
        return message instanceof Forward.Answered answered && peers.receive(answered);
    }

    /** Lets time pass until {@code nowMillis}, on a clock that only goes forward. */
    public void tick(long nowMillis) {
        peers.tick();
        space.tick();
        compaction.tick(nowMillis);
        checks.tick(nowMillis);
        versions.tick(nowMillis);
    }

    /** Lets one tick of time pass for a node that does not take part yet. */
    public void tickBeforeStart() {
        peers.tick();
    }

    /** Fails what waits here; for the end of the node. */
    public void failAll(StoreError error) {
        peers.failAll(error);
    }
}
