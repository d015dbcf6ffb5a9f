package dev.keelson.server.cli;

import dev.keelson.backup.archive.Archive;
import dev.keelson.backup.archive.ArchiveListener;
import dev.keelson.backup.archive.ArchiveSettings;
import dev.keelson.backup.archive.Archiver;
import dev.keelson.backup.archive.SegmentName;
import dev.keelson.backup.full.FullBackup;
import dev.keelson.backup.full.Manifest;
import dev.keelson.backup.seal.KeyRing;
import dev.keelson.backup.store.BackupStore;
import dev.keelson.server.config.Durations;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

@Command(
        name = "archive",
        description =
                "Follows all changes and stores them every few seconds, until it is told to end; begins with a full"
                        + " backup where there is nothing to go on from",
        mixinStandardHelpOptions = true)
final class ArchiveCommand implements Callable<Integer> {

    private static final long MEBIBYTE = 1L << 20;
    private static final int SEGMENT_MEBIBYTES_MAX = 64;

    @ParentCommand
    @SuppressWarnings("NullAway.Init") // picocli sets it
    BackupCommand backup;

    @Mixin
    StoreOptions options = new StoreOptions();

    @Mixin
    BackupCommand.WorkOptions work = new BackupCommand.WorkOptions();

    @Mixin
    BackupCommand.PackOptions packing = new BackupCommand.PackOptions();

    @Option(
            names = "--segment-interval",
            defaultValue = "5s",
            description = "the longest that a change waits to be stored (default: ${DEFAULT-VALUE})")
    String interval = "5s";

    @Option(
            names = "--segment-mib",
            defaultValue = "4",
            description = "MiB of changes that are stored before that (default: ${DEFAULT-VALUE})")
    int mebibytes = 4;

    @Override
    public Integer call() throws IOException, InterruptedException {
        long everyMillis = Durations.millis(interval, "--segment-interval");
        if (everyMillis <= 0 || mebibytes < 1 || mebibytes > SEGMENT_MEBIBYTES_MAX) {
            throw new CommandFailure(
                    "--segment-interval must be more than 0, and --segment-mib from 1 to " + SEGMENT_MEBIBYTES_MAX,
                    CommandFailure.BAD_ARGUMENTS);
        }
        ArchiveSettings standard = ArchiveSettings.STANDARD;
        var settings = new ArchiveSettings(
                Duration.ofMillis(everyMillis),
                (int) (mebibytes * MEBIBYTE),
                standard.idleEvery(),
                standard.pauseMax());
        KeyRing keys = options.keys();
        try (BackupStore store = options.open();
                var cluster = new GrpcCluster(backup.client.connection)) {
            FullBackup full = packing.backup(cluster, store, keys);
            var archiver = new Archiver(
                    cluster,
                    new Archive(store, keys),
                    () -> full.make(work.directory()),
                    settings,
                    new Archiver.Tools(Clock.systemUTC(), new Lines()));
            var _ = backup.client.interruption.asked().thenRun(archiver::stop);
            archiver.run();
        }
        return 0;
    }

    /** Says what the archiver does, a line each. */
    private static final class Lines implements ArchiveListener {

        @Override
        public void begun(Manifest base, String why) {
            System.out.println("Archive begun behind full backup " + base.id() + ", because " + why);
        }

        @Override
        public void resumed(SegmentName last) {
            System.out.println("Archive goes on at revision " + last.hi() + ", behind " + last.object());
        }

        @Override
        public void sealed(SegmentName segment, int changesBytes) {
            System.out.println("Segment " + segment.sequence() + " stored: revisions [" + segment.lo() + ", "
                    + segment.hi() + "), " + GoText.size(changesBytes) + ", a restore reaches " + segment.end());
        }

        @Override
        public void gap(long from, long compactRevision) {
            System.err.println(
                    "Warning: revisions [" + from + ", " + compactRevision + ") were compacted before they were"
                            + " archived: no restore can stop among them; a new full backup is made to go on from");
        }

        @Override
        public void delayed(String cause, Duration pause) {
            System.err.println("Warning: " + cause + "; trying again in " + pause.toMillis() + " ms");
        }
    }
}
