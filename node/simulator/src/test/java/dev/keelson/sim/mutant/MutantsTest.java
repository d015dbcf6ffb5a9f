package dev.keelson.sim.mutant;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keelson.sim.mutant.Patches.Endless;
import dev.keelson.sim.mutant.Patches.FromEarlier;
import dev.keelson.sim.mutant.Patches.FromOneLater;
import dev.keelson.sim.mutant.Patches.FullAtOnce;
import dev.keelson.sim.mutant.Patches.Missing;
import dev.keelson.sim.mutant.Patches.Newest;
import dev.keelson.sim.mutant.Patches.Nothing;
import dev.keelson.sim.mutant.Patches.OneLessInBytes;
import dev.keelson.sim.mutant.Patches.OneMore;
import dev.keelson.sim.mutant.Patches.OneMoreInBytes;
import dev.keelson.sim.mutant.Patches.OneMoreInt;
import dev.keelson.sim.mutant.Patches.Promoting;
import dev.keelson.sim.mutant.Patches.True;
import dev.keelson.sim.mutant.Patches.WhateverIsAsked;
import dev.keelson.sim.mutant.Patches.Zero;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A harness that does not find the bugs of others will not find ours. {@code -Dmutant.seeds=N}: seeds for each. */
class MutantsTest {

    private static final long SEEDS = Long.getLong("mutant.seeds", 2_000);

    static Stream<Mutant> mutants() {
        return Stream.of(
                raft("a vote for a log that is behind", "RaftLog", "isUpToDate", 2, True.class),
                raft("two votes in a term", "Voting", "isFreeFor", 1, True.class),
                raft("a vote that is not remembered", "RaftCore", "voteFor", 1, Nothing.class),
                raft("entries taken without looking at the one before", "RaftLog", "matches", 2, True.class),
                raft("any index counts as replicated", "quorum.MajorityConfig", "reachedBy", 2, True.class),
                raft("one answer is a quorum for reads, raft 397", "quorum.MajorityConfig", "reachedBy", 1, True.class),
                raft("one entry too many committed", "quorum.MajorityConfig", "committedIndex", 1, OneMore.class),
                raft("a commit index stored too high", "RaftLog", "storableCommit", 0, OneMore.class),
                raft("two membership changes at once, raft 456", "LeaderRole", "isConfChangePending", 0, Nothing.class),
                raft("a membership change that the core forgets", "RaftCore", "setConfState", 1, Nothing.class),
                new Mutant(
                        "a membership change before its commit is durable",
                        "raft.Ready",
                        "changesConf",
                        1,
                        Nothing.class,
                        14_000),
                log("acknowledged before the sync, 14370", "SegmentedLog", "sync", 0, Nothing.class),
                log("terms and votes not stored", "SegmentedLog", "append", 2, Missing.class),
                log(
                        "a log that does not begin anew behind a snapshot, 13933",
                        "SegmentedLog",
                        "reset",
                        2,
                        Nothing.class),
                engine(
                        "an applied index ahead of the data, 13766",
                        "apply.AppliedPoint",
                        "encode",
                        0,
                        OneMoreInBytes.class),
                engine("entries applied again, 14685", "apply.AppliedPoint", "encode", 0, OneLessInBytes.class),
                engine(
                        "reads before the writes they must see, 21375",
                        "read.LinearizableReads",
                        "release",
                        1,
                        Endless.class),
                engine("an interrupted install overlooked", "consensus.Recovery", "reconcile", 3, Nothing.class),
                engine("a write lost on the way to the log", "commit.AppendTask", "isEmpty", 0, True.class),
                engine("answers before anything is applied", "apply.ApplyWorker", "answer", 0, Nothing.class),
                mvcc("linearizable reads of the local state, 0.4", "RangeRequest", "serializable", 0, True.class),
                mvcc("the newest state for an old revision", "RangeRequest", "revision", 0, Nothing.class),
                mvcc("deleted keys in old revisions", "key.VersionKey", "isTombstone", 1, Nothing.class),
                mvcc("compares that always hold", "TxnPath", "allHold", 2, True.class),
                mvcc("no previous value", "PutRequest", "prevKv", 0, Nothing.class),
                mvcc("a cut range that calls itself whole", "RangeResult", "more", 0, Nothing.class));
    }

    static Stream<Mutant> mutantsOfWatches() {
        return Stream.of(
                watch("progress ahead of what was told, 15220", "ProgressNotices", "haveAllHeard", 2, True.class),
                watch("notices of progress to those who lag", "Watcher", "hasHeardThrough", 1, True.class),
                watch("old events told again, 15271 and 17247", "Watchers", "lag", 2, FromEarlier.class),
                watch("events told for ever, 15274", "Watchers", "advance", 2, Nothing.class),
                watch("a store replaced unnoticed", "WatchHub", "skipTo", 1, Nothing.class),
                watch("the future told of the past, 20221", "Gathering", "firstFor", 1, Nothing.class),
                watch("what a slow reader missed is forgotten", "WatchGroup", "lag", 1, Nothing.class),
                watch("no filters and no previous values", "Watcher", "form", 0, Nothing.class),
                watch("a revision in two answers", "CatchUp$Bounds", "admits", 1, FullAtOnce.class),
                watch("the first event of a slice left out", "EventRing", "indexOf", 1, OneMoreInt.class),
                watch("no previous values", "SharedEvent", "former", 0, Nothing.class),
                watch("a watcher that begins one revision late", "WatchRequest", "startRevision", 0, OneMore.class),
                watch("an end of a watcher that is not told", "CatchUp", "endCompacted", 1, Nothing.class),
                mvcc("compacted events passed over, 17529", "ReadView", "compactRevision", 0, Nothing.class),
                mvcc("the newest value for the previous one", "ReadView", "historyRow", 2, Newest.class),
                mvcc("a slice of the history begun too late", "ReadView", "events", 2, FromOneLater.class),
                mvcc(
                        "a compaction that forgets its last deletion, 18089",
                        "Compaction",
                        "isForgotten",
                        2,
                        WhateverIsAsked.class));
    }

    static Stream<Mutant> mutantsOfLeases() {
        return Stream.of(
                engine("an expiry of a deposed leader, 15247", "apply.Applier", "requireSameTerm", 2, Nothing.class),
                lease("a revoked lease renewed, 20615", "Lessor", "revoked", 1, Nothing.class),
                lease("a grant that the leader has not heard of, 13932", "Lessor", "granted", 2, Nothing.class),
                lease("renewals without effect", "Lessor", "start", 2, Nothing.class),
                lease("notes of what is left that stay, once renewed", "HeldLease", "isNoted", 0, Nothing.class),
                mvcc("a whole life for each leader, 13508 and 9395", "key.LeaseRow", "withRemaining", 1, Zero.class),
                mvcc("leases that end with their leader", "key.LeaseRow", "lifeSeconds", 0, Nothing.class),
                mvcc("keys attached to a lease that is gone", "PutChecks", "checkLease", 2, Nothing.class),
                mvcc("revoked without its keys", "StoreBatch", "addDoomed", 2, Nothing.class));
    }

    static Stream<Mutant> mutantsOfUsers() {
        return Stream.of(
                engine("users forgotten at a snapshot, 14571 and 14355", "auth.Auth", "replaced", 1, Nothing.class),
                engine("users that are not stored, 11651", "auth.AuthRows", "write", 3, Nothing.class),
                engine("writes that nobody judges", "apply.Applier", "check", 3, Nothing.class),
                engine("reads that nobody judges", "auth.Auth", "checkRead", 3, Nothing.class),
                engine("an old revision taken for the present one", "auth.AuthState", "isOutdated", 1, Nothing.class),
                engine(
                        "operations of transactions passed over, 33343",
                        "auth.OperationChecks",
                        "checkAll",
                        1,
                        Nothing.class),
                engine(
                        "previous values for those who may only write, 44283",
                        "auth.OperationChecks",
                        "checkPrevious",
                        3,
                        Nothing.class),
                engine("a key granted, and all behind it with it, xg4h", "auth.Grants", "cover", 1, True.class),
                engine(
                        "the right to read taken for the right to write",
                        "auth.Permission$Kind",
                        "writes",
                        0,
                        True.class));
    }

    static Stream<Mutant> mutantsOfAlarms() {
        return Stream.of(
                engine("an alarm that forbids nothing", "maintenance.Alarms", "check", 1, Nothing.class),
                engine("an alarm heard of after a restart alone", "maintenance.Alarms", "replace", 1, Nothing.class),
                engine("a cleared alarm that comes back", "maintenance.Alarms", "erase", 2, Nothing.class),
                engine(
                        "hashes compared over different compactions",
                        "maintenance.HistoryHash",
                        "isComparable",
                        1,
                        True.class));
    }

    static Stream<Mutant> mutantsOfMembers() {
        return Stream.of(
                member(
                        "a promotion that the store forgets, 19557 and 20793",
                        "Membership",
                        "promote",
                        2,
                        Nothing.class),
                member("a removed member that comes back, 20967", "Membership", "isRemoved", 1, Nothing.class),
                member("an update that promotes, 21736", "Membership", "update", 3, Promoting.class),
                member("two members at one address", "Membership", "requireFree", 2, Nothing.class),
                member("a change carried out twice", "DecidedRequests", "add", 2, True.class),
                raft("messages for other members taken, 17813", "MessageGate", "isForThis", 1, True.class));
    }

    private static Mutant watch(String bug, String type, String method, int parameters, Class<?> patch) {
        return new Mutant(bug, "mvcc.watch." + type, method, parameters, patch, 0);
    }

    private static Mutant member(String bug, String type, String method, int parameters, Class<?> patch) {
        return new Mutant(bug, "engine.membership." + type, method, parameters, patch, 0);
    }

    private static Mutant lease(String bug, String type, String method, int parameters, Class<?> patch) {
        return new Mutant(bug, "mvcc.lease." + type, method, parameters, patch, 0);
    }

    private static Mutant raft(String bug, String type, String method, int parameters, Class<?> patch) {
        return new Mutant(bug, "raft." + type, method, parameters, patch, 0);
    }

    private static Mutant log(String bug, String type, String method, int parameters, Class<?> patch) {
        return new Mutant(bug, "log." + type, method, parameters, patch, 0);
    }

    private static Mutant engine(String bug, String type, String method, int parameters, Class<?> patch) {
        return new Mutant(bug, "engine." + type, method, parameters, patch, 0);
    }

    private static Mutant mvcc(String bug, String type, String method, int parameters, Class<?> patch) {
        return new Mutant(bug, "mvcc." + type, method, parameters, patch, 0);
    }

    @ParameterizedTest
    @MethodSource({
        "mutants",
        "mutantsOfWatches",
        "mutantsOfLeases",
        "mutantsOfUsers",
        "mutantsOfAlarms",
        "mutantsOfMembers"
    })
    void isFound(Mutant mutant) throws ReflectiveOperationException {
        var changed = new MutantLoader(mutant);
        Throwable found = null;
        long seed = mutant.first();
        for (; found == null && seed < mutant.first() + SEEDS; seed++) {
            found = changed.run(seed);
        }
        System.out.println(
                "mutant \"" + mutant + "\": " + (found == null ? "survived" : "seed " + (seed - 1) + ": " + found));
        assertThat(found).as("the harness is blind to: " + mutant).isNotNull();
    }
}
