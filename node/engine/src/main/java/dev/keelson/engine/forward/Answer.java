package dev.keelson.engine.forward;

import dev.keelson.engine.lease.LeaseTtl;
import dev.keelson.engine.maintenance.HistoryHash;
import dev.keelson.mvcc.StoreError;

/** What is said to a {@link Question}. */
public sealed interface Answer {

    /** @param ttlSeconds the time it lives from now on, 0 when there is no such lease */
    record LeaseRenewed(long ttlSeconds) implements Answer {}

    record LeaseTime(LeaseTtl ttl) implements Answer {}

    /** The learner may get a vote. */
    record LearnerReady() implements Answer {}

    record HistoryHashed(HistoryHash hash) implements Answer {}

    /** @param version the highest version of a cluster that the member can be part of */
    record MemberVersion(String version) implements Answer {}

    /** The leader will not or cannot; or the one who was asked does not lead. */
    record Refused(StoreError error) implements Answer {}
}
