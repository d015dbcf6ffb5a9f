package dev.keelson.server.cli;

import dev.keelson.backup.archive.Archive;
import dev.keelson.backup.archive.SegmentName;
import dev.keelson.backup.full.Manifest;
import java.time.temporal.ChronoUnit;
import java.util.List;

/** Backups in the forms in which commands print them. */
final class BackupLines {

    private static final List<String> HEADING =
            List.of("ID", "CLUSTER", "CREATED", "REVISION", "HASH", "KEYS", "SIZE", "STORED");

    private BackupLines() {}

    static String summary(Manifest manifest) {
        return "revision " + manifest.history().revision() + ", hash "
                + Integer.toUnsignedString(manifest.history().hash())
                + (manifest.comparedWith() == null
                        ? " (compared with no member: the cluster was compacted meanwhile)"
                        : "")
                + ", " + manifest.history().keys() + " keys, "
                + GoText.size(manifest.content().bytes()) + ", stored as "
                + GoText.size(manifest.object().bytes());
    }

    static void print(List<Manifest> backups, Connection.Format format) {
        switch (format) {
            case simple -> backups.forEach(backup -> System.out.println(String.join(", ", columns(backup))));
            case json ->
                System.out.println("["
                        + String.join(
                                ",", backups.stream().map(BackupLines::json).toList()) + "]");
            case table -> {
                var table = new Table(HEADING);
                backups.forEach(backup -> table.add(columns(backup)));
                table.lines().forEach(System.out::println);
            }
        }
    }

    private static List<String> columns(Manifest backup) {
        return List.of(
                backup.id(),
                backup.clusterHex(),
                backup.created().truncatedTo(ChronoUnit.SECONDS).toString(),
                String.valueOf(backup.history().revision()),
                Integer.toHexString(backup.history().hash()),
                String.valueOf(backup.history().keys()),
                GoText.size(backup.content().bytes()),
                GoText.size(backup.object().bytes()));
    }

    static String archive(Archive.Chain chain) {
        SegmentName first = chain.segments().getFirst();
        return "Archive of cluster " + Long.toHexString(chain.id().cluster()) + ": revisions [" + first.lo() + ", "
                + chain.last().hi() + ") in " + chain.segments().size() + " segments, a restore reaches "
                + chain.last().end();
    }

    /** Ids, names and times need no escapes. */
    static String json(Manifest backup) {
        Manifest.History history = backup.history();
        return "{\"id\":\"" + backup.id() + "\",\"cluster\":\"" + backup.clusterHex() + "\",\"created\":\""
                + backup.created() + "\",\"revision\":" + history.revision() + ",\"compactRevision\":"
                + history.compactRevision() + ",\"hash\":" + Integer.toUnsignedString(history.hash())
                + ",\"keys\":" + history.keys() + ",\"compared\":" + (backup.comparedWith() != null)
                + ",\"object\":\"" + backup.object().name() + "\",\"objectBytes\":"
                + backup.object().bytes() + ",\"snapshotBytes\":"
                + backup.content().bytes() + "}";
    }
}
