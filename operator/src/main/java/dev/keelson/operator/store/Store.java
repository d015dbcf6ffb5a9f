package dev.keelson.operator.store;

import dev.keelson.operator.observe.StoreObservation;

/**
 * One cluster's own view of its members, and the changes it can make to them. Every call is bounded in time; a refusal or
 * silence is a {@link StoreException}.
 */
public interface Store extends AutoCloseable {
    /** Asks for the list, confirmed by a quorum if one answers, and every member for its status. */
    StoreObservation observe();

    void addLearner(String peerUrl);

    void promote(long memberId);

    void remove(long memberId);

    /** Lets another voter lead; the leader itself has to be asked. */
    void moveLeader(String leader, long targetId);

    @Override
    void close();
}
