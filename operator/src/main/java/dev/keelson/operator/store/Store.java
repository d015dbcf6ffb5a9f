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

    /** Orders the store to go down to a version, after it has said that it can. */
    void enableDowngrade(String target);

    /** Takes the order back; it is no error that there is none. */
    void cancelDowngrade();

    /** Has callers say who they are, after the root user was made. */
    void enableAuth();

    /** Lets everybody in again. */
    void disableAuth();

    /** Puts the wanted password of the root user in force where the former one still lets the operator in; whether that was so. */
    boolean renewRootPassword();

    @Override
    void close();
}
