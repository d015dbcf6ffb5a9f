package dev.keelson.server.cli;

import dev.keelson.backup.full.BackupFetch;
import dev.keelson.backup.full.Catalog;
import dev.keelson.backup.full.Manifest;
import dev.keelson.backup.store.BackupStore;
import dev.keelson.server.restore.SnapshotRestore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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

    @Override
    public Integer call() throws IOException {
        if (bump < 0) {
            throw new CommandFailure("--bump-revision must not be negative", CommandFailure.BAD_ARGUMENTS);
        }
        try (BackupStore store = options.open()) {
            var catalog = new Catalog(store, options.keys());
            Manifest chosen = backup.isEmpty() ? BackupCommand.newest(catalog, store) : catalog.byId(backup);
            Path file = Files.createTempFile(work.directory(), "restore-", ".db");
            try {
                var _ = new BackupFetch(store, options.keys(), ProgressBar.onStandardError()).fetch(chosen, file);
                finish(file);
            } finally {
                Files.deleteIfExists(file);
            }
        }
        return 0;
    }

    private void finish(Path file) {
        SnapshotRestore.Target target = (cluster == null ? new SnapshotCommand.Cluster() : cluster).target();
        SnapshotRestore.Outcome outcome = new SnapshotRestore(target, bump == 0 ? null : bump).run(file, false);
        outcome.remarks().forEach(remark -> System.err.println("Warning: " + remark));
        System.out.println("Restored " + outcome.changes() + " changes at revision " + outcome.revision() + " into "
                + target.dataDirectory());
    }
}
