package dev.keelson.engine.apply;

import dev.keelson.engine.auth.AuthChange;
import dev.keelson.engine.maintenance.AlarmType;
import dev.keelson.mvcc.Operation;
import java.util.List;

/** What a NORMAL entry of the log asks every member to do, in the same way, at the same point of its history. */
public sealed interface Command {

    /** A put, a delete or a transaction of a client. */
    record Write(Operation operation) implements Command {}

    /** Everything superseded at or before this revision may go. */
    record Compact(long revision) implements Command {}

    /** A member says its name and where clients reach it. */
    record Publish(long memberId, String name, List<String> clientUrls) implements Command {}

    /** The members agree on the version whose features and formats they may use. */
    record SetClusterVersion(String version) implements Command {}

    /** A lease comes into being; whoever proposes it has chosen the id and raised the time to what is allowed. */
    record LeaseGrant(long id, long ttlSeconds) implements Command {}

    /** A client ends a lease, with the keys it holds. */
    record LeaseRevoke(long id) implements Command {}

    /**
     * The leader of {@code term} saw a lease run out. It takes effect in that term alone: what a leader noticed who has
     * been deposed since, says nothing about a lease that is kept alive with another (etcd #15247).
     *
     * @param grantIndex of the lease that ran out; one that got its id meanwhile is left alone
     */
    record LeaseExpire(long id, long grantIndex, long term) implements Command {}

    /**
     * The leader of {@code term} notes down what is left of leases, for the one after it. It takes effect in that term
     * alone: the next leader may have promised more by the time it comes.
     */
    record LeaseCheckpoint(long term, List<LeaseRest> rests) implements Command {}

    /** The users and roles change, or one of the users logs in. */
    record ChangeAuth(AuthChange change) implements Command {}

    /** @param seconds what is left of the lease's time; 0 for the whole of it */
    record LeaseRest(long id, long grantIndex, long seconds) {}

    /** @param memberId whom the alarm is about, 0 for nobody in particular; a list does not ask for it */
    record Alarm(Action action, AlarmType type, long memberId) implements Command {

        /** What to do about an alarm; the order is that of the stored form. */
        public enum Action {
            LIST,
            RAISE,
            CLEAR
        }
    }

    /** A downgrade to {@code target} begins, or none is under way any more when that is empty. */
    record SetDowngrade(String target) implements Command {}
}
