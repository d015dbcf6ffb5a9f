package dev.keelson.engine.apply;

import dev.keelson.engine.NodeLimits;
import dev.keelson.engine.auth.Auth;
import dev.keelson.engine.auth.AuthChange;
import dev.keelson.engine.auth.Principal;
import dev.keelson.engine.maintenance.Alarms;
import dev.keelson.engine.maintenance.Downgrade;
import dev.keelson.engine.membership.Membership;
import dev.keelson.mvcc.DeleteRangeRequest;
import dev.keelson.mvcc.Operation;
import dev.keelson.mvcc.PutRequest;
import dev.keelson.mvcc.RangeRequest;
import dev.keelson.mvcc.StoreBatch;
import dev.keelson.mvcc.StoreError;
import dev.keelson.mvcc.StoreException;
import dev.keelson.mvcc.TxnRequest;
import dev.keelson.mvcc.key.LeaseRow;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Carries out one command in a batch: a pure function of the state and the command, so that all members agree.
 *
 * <p>It throws a {@code StoreException} when the command is refused; nothing of it then remains in the batch.
 *
 * <p>Thread rule: apply worker only.
 */
final class Applier {

    private final Membership membership;
    private final Auth auth;
    private final Alarms alarms;
    private final Downgrade downgrade;
    private final Consumer<LeaseChange> leaseChanges;

    /** @param leaseChanges told of every lease that came or went */
    Applier(Membership membership, Auth auth, Alarms alarms, Downgrade downgrade, Consumer<LeaseChange> leaseChanges) {
        this.membership = membership;
        this.auth = auth;
        this.alarms = alarms;
        this.downgrade = downgrade;
        this.leaseChanges = leaseChanges;
    }

    /**
     * Refuses what the caller may not do, by the users and roles at this point of the log (etcd #11651: a verdict by
     * anything else leaves the members with different stores).
     *
     * <p>Granting a lease, compacting and all that members do of themselves is open here: of those clients were asked who
     * they are before, and the members have no name.
     */
    void check(StoreBatch batch, Principal caller, Command command) {
        if (!auth.state().enabled()) {
            return;
        }
        switch (command) {
            case Command.Write(Operation operation) -> auth.checkWrite(batch, caller, operation);
            case Command.LeaseRevoke(long id) -> auth.checkRevoke(batch, caller, id);
            case Command.ChangeAuth(AuthChange change) -> {
                if (!(change instanceof AuthChange.LogIn)) {
                    auth.state().requireRoot(caller);
                }
            }
            case Command.Compact _,
                    Command.Publish _,
                    Command.SetClusterVersion _,
                    Command.LeaseGrant _,
                    Command.LeaseExpire _,
                    Command.LeaseCheckpoint _,
                    Command.Alarm _,
                    Command.SetDowngrade _ -> {}
        }
    }

    /**
     * The result that the client who asked is waiting for.
     *
     * @param at the place of the command in the log, and the term of who put it there
     */
    Object apply(StoreBatch batch, Command command, AppliedPoint at) {
        alarms.check(command);
        return switch (command) {
            case Command.Write(Operation operation) -> write(batch, operation);
            case Command.Compact(long revision) -> batch.compact(revision);
            case Command.Publish(long memberId, String name, var clientUrls) -> {
                membership.publish(batch, memberId, name, clientUrls);
                yield Done.DONE;
            }
            case Command.SetClusterVersion(String version) -> {
                membership.setClusterVersion(batch, version);
                yield Done.DONE;
            }
            case Command.LeaseGrant grant -> grant(batch, grant, at.index());
            case Command.LeaseRevoke(long id) -> revoke(batch, id);
            case Command.LeaseExpire(long id, long grantIndex, long noticedIn) -> {
                requireSameTerm(noticedIn, at.term());
                yield expire(batch, id, grantIndex);
            }
            case Command.LeaseCheckpoint(long notedIn, var rests) -> {
                requireSameTerm(notedIn, at.term());
                rests.forEach(rest -> note(batch, rest));
                yield Done.DONE;
            }
            case Command.ChangeAuth(AuthChange change) -> auth.apply(batch, change, at.index());
            case Command.Alarm alarm -> alarms.apply(batch, alarm);
            case Command.SetDowngrade(String target) -> {
                downgrade.set(batch, target);
                yield Done.DONE;
            }
        };
    }

    private Object grant(StoreBatch batch, Command.LeaseGrant grant, long index) {
        if (grant.id() == 0) {
            throw new StoreException(StoreError.LEASE_NOT_FOUND);
        }
        if (grant.ttlSeconds() > NodeLimits.LEASE_TTL_SECONDS_MAX) {
            throw new StoreException(StoreError.LEASE_TTL_TOO_LARGE);
        }
        if (batch.lease(grant.id()) != null) {
            throw new StoreException(StoreError.LEASE_EXISTS);
        }
        batch.putLease(grant.id(), new LeaseRow(grant.id(), grant.ttlSeconds(), 0, index).write());
        leaseChanges.accept(new LeaseChange.Granted(grant.id(), index, grant.ttlSeconds()));
        return Done.DONE;
    }

    private Object revoke(StoreBatch batch, long id) {
        long revision = batch.revokeLease(id).revision();
        leaseChanges.accept(new LeaseChange.Revoked(id));
        return revision;
    }

    private Object expire(StoreBatch batch, long id, long grantIndex) {
        if (find(batch, id, grantIndex) == null) {
            throw new StoreException(StoreError.LEASE_NOT_FOUND);
        }
        return revoke(batch, id);
    }

    /** A lease that has gone meanwhile has nothing left to note. */
    private static void note(StoreBatch batch, Command.LeaseRest rest) {
        LeaseRow lease = find(batch, rest.id(), rest.grantIndex());
        if (lease != null) {
            batch.putLease(rest.id(), lease.withRemaining(rest.seconds()).write());
        }
    }

    private static @Nullable LeaseRow find(StoreBatch batch, long id, long grantIndex) {
        byte[] row = batch.lease(id);
        LeaseRow lease = row == null ? null : LeaseRow.read(row);
        return lease != null && lease.grantIndex() == grantIndex ? lease : null;
    }

    private static void requireSameTerm(long meant, long actual) {
        if (meant != actual) {
            throw new StoreException(StoreError.LEADER_CHANGED);
        }
    }

    private static Object write(StoreBatch batch, Operation operation) {
        return switch (operation) {
            case PutRequest put -> batch.put(put);
            case DeleteRangeRequest delete -> batch.deleteRange(delete);
            case TxnRequest txn -> batch.txn(txn);
            case RangeRequest range -> batch.range(range);
        };
    }

    /** The result of a command that has nothing to tell. */
    enum Done {
        DONE
    }
}
