package dev.keelson.server.cli;

import dev.keelson.backup.archive.Archive;
import dev.keelson.backup.cluster.SourceCluster;
import dev.keelson.backup.full.BackupFetch;
import dev.keelson.backup.full.BackupRefusedException;
import dev.keelson.backup.full.Catalog;
import dev.keelson.backup.full.FullBackup;
import dev.keelson.backup.full.Manifest;
import dev.keelson.backup.full.SnapshotFile;
import dev.keelson.backup.seal.KeyRing;
import dev.keelson.backup.seal.Wrapping;
import dev.keelson.backup.store.BackupStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

@Command(
        name = "backup",
        description = "Makes, lists and proves backups in a directory or a bucket",
        subcommands = {ArchiveCommand.class, PruneCommand.class},
        mixinStandardHelpOptions = true)
final class BackupCommand {

    @ParentCommand
    @SuppressWarnings("NullAway.Init") // picocli sets it
    ClientCommand client;

    @Command(
            name = "create",
            description = "Makes a full backup: a snapshot in etcd's format, proven before it counts",
            mixinStandardHelpOptions = true)
    int create(@Mixin StoreOptions options, @Mixin WorkOptions work, @Mixin PackOptions packing) throws IOException {
        client.connection.refuseTable();
        try (BackupStore store = options.open();
                var cluster = new GrpcCluster(client.connection)) {
            Manifest made = packing.backup(cluster, store, options.keys()).make(work.directory());
            System.out.println(
                    client.connection.isJson()
                            ? BackupLines.json(made)
                            : "Backup " + made.id() + " made: " + BackupLines.summary(made));
            return 0;
        }
    }

    @Command(name = "list", description = "Lists the backups there are", mixinStandardHelpOptions = true)
    int list(@Mixin StoreOptions options) {
        KeyRing keys = options.keys();
        try (BackupStore store = options.open()) {
            Catalog.Listing listing = new Catalog(store, keys).list();
            BackupLines.print(listing.backups(), client.connection.format);
            if (!client.connection.isJson()) {
                var archive = new Archive(store, keys);
                listing.backups().stream()
                        .map(Manifest::cluster)
                        .distinct()
                        .flatMap(cluster -> archive.chains(cluster).stream())
                        .forEach(chain -> System.out.println(BackupLines.archive(chain)));
            }
            listing.refused().forEach(refused -> System.err.println("Warning: " + refused.getMessage()));
            return 0;
        }
    }

    @Command(
            name = "verify",
            description = "Proves backups: fetches them and compares checksums, every page and row, and the hash",
            mixinStandardHelpOptions = true)
    int verify(
            @Mixin StoreOptions options,
            @Mixin WorkOptions work,
            @Parameters(paramLabel = "<backup>", arity = "0..*", description = "ids; the newest when none is given")
                    List<String> ids)
            throws IOException {
        KeyRing keys = options.keys();
        try (BackupStore store = options.open()) {
            var catalog = new Catalog(store, keys);
            var fetch = new BackupFetch(store, keys, ProgressBar.onStandardError());
            List<Manifest> chosen = ids == null || ids.isEmpty()
                    ? List.of(newest(catalog, store))
                    : ids.stream().map(catalog::byId).toList();
            Path file = Files.createTempFile(work.directory(), "verify-", ".db");
            try {
                for (Manifest backup : chosen) {
                    SnapshotFile proven = fetch.fetch(backup, file);
                    System.out.println("Backup " + backup.id() + " is sound: hash "
                            + Integer.toUnsignedString(proven.history().hash()) + " at revision "
                            + proven.history().revision() + ", "
                            + proven.history().keys() + " keys");
                }
            } finally {
                Files.deleteIfExists(file);
            }
            return 0;
        }
    }

    private static Manifest newest(Catalog catalog, BackupStore store) {
        List<Manifest> backups = catalog.list().backups();
        if (backups.isEmpty()) {
            throw new BackupRefusedException(
                    "there is no backup in " + store.describe() + "; make one with keelson backup create");
        }
        return backups.getLast();
    }

    /** Of commands that move snapshots. */
    static final class WorkOptions {

        @Option(
                names = "--work-dir",
                description = "where to keep one snapshot while working on it (default: the temporary folder)")
        Path place = Path.of(System.getProperty("java.io.tmpdir"));

        Path directory() throws IOException {
            return Files.createDirectories(place);
        }
    }

    /** Of commands that make full backups. */
    static final class PackOptions {

        @Option(
                names = "--compression",
                defaultValue = "gzip",
                description = "gzip or none (default: ${DEFAULT-VALUE})")
        Compression compression = Compression.gzip;

        /** How snapshots are made smaller. */
        enum Compression {
            gzip,
            none
        }

        FullBackup backup(SourceCluster cluster, BackupStore store, KeyRing keys) {
            return new FullBackup(
                    cluster,
                    store,
                    new Wrapping(compression == Compression.gzip, keys),
                    Clock.systemUTC(),
                    ProgressBar.onStandardError());
        }
    }
}
