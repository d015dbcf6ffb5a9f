package dev.keelson.operator.plan;

import dev.keelson.operator.api.KeelsonMember.Leaving;
import dev.keelson.operator.api.KeelsonMember.Start;
import org.jspecify.annotations.Nullable;

/**
 * One thing to do. A step is unsafe when it changes who votes, or stops a member that may be needed: of these at most one is
 * taken between two observations. Every step may be taken twice with the effect of one.
 */
public sealed interface Step {
    /** The member it is about. */
    String member();

    default boolean isUnsafe() {
        return this instanceof Unsafe;
    }

    /** Changes who votes, or stops a member that may be needed. */
    sealed interface Unsafe extends Step {}

    /** Is about no member, but about all of them. */
    sealed interface OfTheCluster extends Step {
        String cluster();

        @Override
        default String member() {
            return cluster();
        }
    }

    /** Spend an ordinal and record the intent to have a member of it. */
    record CreateMember(String member, int ordinal, Start start) implements Step {}

    /** Write down the identity of the data, once and for all. */
    record LatchIdentity(String member, long clusterId, long memberId) implements Step {}

    /** Write down the id that the store has given a member. */
    record RecordMember(String member, long clusterId, long memberId) implements Step {}

    /** Have the store write what members of the version below can read, and nothing else. */
    record EnableDowngrade(String cluster, String target) implements OfTheCluster {}

    /** Write down that the data is for an older version from now on: what was newer is rolled out of the cluster. */
    record LatchVersion(String cluster, String version) implements OfTheCluster {}

    /** Let the store write what its members can read again: none of them is to go down any longer. */
    record CancelDowngrade(String cluster) implements OfTheCluster {}

    /** Make the root user, and have callers say who they are. */
    record EnableAuth(String cluster) implements OfTheCluster {}

    /** Let everybody in again. */
    record DisableAuth(String cluster) implements OfTheCluster {}

    /** Claim a volume. */
    record CreateClaim(String member) implements Step {}

    /** Ask for a larger volume. */
    record GrowClaim(String member) implements Step {}

    /** Start the member on its volume. */
    record CreatePod(String member) implements Step {}

    /** Show on the Pod whether it votes, for budgets and Services. */
    record LabelPod(String member, String role) implements Step {}

    /** Let the store know of a member that receives the log without a vote. */
    record AddLearner(String member) implements Unsafe {}

    /** Give a learner its vote. */
    record PromoteLearner(String member, long memberId) implements Unsafe {}

    /** Record the intent to remove a member, or take it back when the reason is absent. */
    record MarkLeaving(String member, @Nullable Leaving intent) implements Step {}

    /** Let another voter lead, before this one stops. */
    record MoveLeader(String member, long memberId, String target, long targetId) implements Unsafe {}

    /** Take a member out of the store's list. */
    record RemoveMember(String member, long memberId) implements Unsafe {}

    /** Stop a member, to start it anew from the current specification: exactly this Pod, not its successor. */
    record RestartPod(String member, String uid) implements Unsafe {}

    /** Clear away a Pod that serves nobody: it has ended, or its member is out of the store. */
    record ClearPod(String member, String uid) implements Step {}

    /** Give up the volume of a member that is out of the store. */
    record DeleteClaim(String member, String uid) implements Step {}

    /** Drop the record of a member of which nothing is left. */
    record ForgetMember(String member) implements Step {}
}
