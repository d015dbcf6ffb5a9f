package dev.keelson.engine.maintenance;

import dev.keelson.engine.apply.Command;
import dev.keelson.mvcc.Operation;

/**
 * Since which version of the cluster a member may put a command into the log, so that all who read it know it.
 *
 * <p>A new kind of command, or a new form of an old one, gets a row of its own here; so does every other format that
 * members share, unless they negotiate it between two of them.
 */
public final class Formats {

    /** The lowest version that members of this one can run as. */
    public static final ClusterVersion LOWEST = new ClusterVersion(3, 6);

    private Formats() {}

    public static ClusterVersion since(Command command) {
        return switch (command) {
            case Command.Write(Operation _), Command.Compact _ -> LOWEST;
            case Command.LeaseGrant _, Command.LeaseRevoke _, Command.LeaseExpire _ -> LOWEST;
            case Command.LeaseCheckpoint _, Command.Publish _, Command.SetClusterVersion _ -> LOWEST;
            case Command.Alarm _, Command.SetDowngrade _, Command.ChangeAuth _ -> LOWEST;
        };
    }
}
