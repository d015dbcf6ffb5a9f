package dev.keelson.engine.apply;

import dev.keelson.engine.membership.Membership;
import dev.keelson.mvcc.DeleteRangeRequest;
import dev.keelson.mvcc.Operation;
import dev.keelson.mvcc.PutRequest;
import dev.keelson.mvcc.RangeRequest;
import dev.keelson.mvcc.StoreBatch;
import dev.keelson.mvcc.TxnRequest;

/**
 * Carries out one command in a batch: a pure function of the state and the command, so that all members agree.
 *
 * <p>It throws a {@code StoreException} when the command is refused; nothing of it then remains in the batch.
 *
 * <p>Thread rule: apply worker only.
 */
final class Applier {

    private final Membership membership;

    Applier(Membership membership) {
        this.membership = membership;
    }

    /** The result that the client who asked is waiting for. */
    Object apply(StoreBatch batch, Command command) {
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
        };
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
