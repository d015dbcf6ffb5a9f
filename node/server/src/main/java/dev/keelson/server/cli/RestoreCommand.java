package dev.keelson.server.cli;

import dev.keelson.backup.full.BackupFetch;
import dev.keelson.backup.full.Catalog;
import dev.keelson.backup.full.SnapshotFile;
import dev.keelson.backup.restore.Restoration;
import dev.keelson.backup.restore.RestorePlan;
import dev.keelson.backup.restore.RestorePlanner;
import dev.keelson.backup.restore.RestorePoint;
import dev.keelson.backup.seal.KeyRing;
import dev.keelson.backup.store.BackupStore;
import dev.keelson.server.restore.SnapshotRestore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

@Command(
        name = "restore",
        description = "Makes the data directory of a member, or a snapshot file, out of a backup",
        mixinStandardHelpOptions = true)
final class RestoreCommand implements Callable<Integer> {

    /** What nobody's revision reaches in the time that a backup may be old: 1,000 changes a second for eleven days. */
    private static final String BUMP = "1000000000";

    @ParentCommand
    @SuppressWarnings("NullAway.Init") // picocli sets it
    ClientCommand client;

    @Mixin
    StoreOptions options = new StoreOptions();

    @Mixin
    BackupCommand.WorkOptions work = new BackupCommand.WorkOptions();

    @ArgGroup(exclusive = false)
    SnapshotCommand.@Nullable Cluster cluster;

    @Option(names = "--backup", description = "the backup to restore (default: the newest)")
    String backup = "";

    @Option(names = "--snapshot-file", description = "make this file, in etcd's format, and no data directory")
    @Nullable
    Path snapshotFile;

    @Option(
            names = "--bump-revision",
            defaultValue = BUMP,
            description = "how much to raise the revision by and mark all before it as compacted, so that watchers and"
                    + " caches begin anew; 0 to leave it (default: ${DEFAULT-VALUE})")
    long bump = Long.parseLong(BUMP);

    @Option(names = "--cluster-id", description = "whose backups count, where the store has those of several")
    String clusterId = "";

    @Option(names = "--to-revision", description = "restore what there was at this revision (default: the newest)")
    @Nullable
    Long toRevision;

    @Option(names = "--to-time", description = "restore what there was at this time, as 2026-01-31T12:00:00Z")
    @Nullable
    String toTime;

    @Override
    public Integer call() throws IOException {
        if (bump < 0) {
            throw new CommandFailure("--bump-revision must not be negative", CommandFailure.BAD_ARGUMENTS);
        }
        RestorePoint point = point();
        KeyRing keys = options.keys();
        Path directory = work.directory();
        Path file = Files.createTempFile(directory, "restore-", ".db");
        try (BackupStore store = options.open()) {
            var catalog = new Catalog(store, keys);
            RestorePlan plan = new RestorePlanner(catalog).plan(clusterId, point);
            var fetch = new BackupFetch(store, keys, ProgressBar.onStandardError());
            SnapshotFile made = new Restoration(fetch).make(plan, file);
            System.out.println(
                    "Backup " + plan.base().id() + " and " + plan.stretch().segments()
                            + " segments lead to revision " + made.history().revision() + ", hash "
                            + Integer.toUnsignedString(made.history().hash()) + ", "
                            + made.history().keys() + " keys");
            finish(file);
        } finally {
            Files.deleteIfExists(file);
        }
        return 0;
    }

    private RestorePoint point() {
        boolean several =
                (toRevision != null && toTime != null) || (!backup.isEmpty() && (toRevision != null || toTime != null));
        if (several) {
            throw new CommandFailure(
                    "give only one of --backup, --to-revision and --to-time", CommandFailure.BAD_ARGUMENTS);
        }
        if (toRevision != null) {
            return new RestorePoint.AtRevision(toRevision);
        }
        if (toTime != null) {
            try {
                return new RestorePoint.AtTime(Instant.parse(toTime));
            } catch (DateTimeParseException malformed) {
                throw new CommandFailure(
                        "--to-time " + toTime + " is no time such as 2026-01-31T12:00:00Z",
                        CommandFailure.BAD_ARGUMENTS);
            }
        }
        return backup.isEmpty() ? new RestorePoint.Newest() : new RestorePoint.OfBackup(backup);
    }

    private void finish(Path file) throws IOException {
        if (snapshotFile != null) {
            Files.copy(file, snapshotFile);
            System.out.println("Snapshot restored at " + snapshotFile);
            return;
        }
        SnapshotRestore.Target target = (cluster == null ? new SnapshotCommand.Cluster() : cluster).target();
        SnapshotRestore.Outcome outcome = new SnapshotRestore(target, bump == 0 ? null : bump).run(file, false);
        outcome.remarks().forEach(remark -> System.err.println("Warning: " + remark));
        System.out.println("Restored " + outcome.changes() + " changes at revision " + outcome.revision() + " into "
                + target.dataDirectory());
    }
}
