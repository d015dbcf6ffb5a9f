package dev.keelson.server.cli;

import dev.keelson.backup.full.SnapshotFile;
import dev.keelson.server.config.NodeConfig;
import dev.keelson.server.member.MemberConfig;
import dev.keelson.server.restore.SnapshotRestore;
import dev.keelson.storage.etcdfile.EtcdFile;
import dev.keelson.storage.etcdfile.FileStatus;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

@Command(
        name = "snapshot",
        description = "Saves, describes, proves and restores snapshots in etcd's file format",
        mixinStandardHelpOptions = true)
final class SnapshotCommand {

    private static final String DEFAULT_CLUSTER = "default=http://localhost:2380";

    @ParentCommand
    @SuppressWarnings("NullAway.Init") // picocli sets it
    ClientCommand client;

    /** What the new cluster is to be, in the words of a member's flags. */
    static final class Cluster {

        @Option(names = "--name", defaultValue = "default", description = "name of the member to restore")
        String name = "default";

        @Option(names = "--data-dir", description = "where to make its data directory (default: <name>.etcd)")
        String dataDirectory = "";

        @Option(
                names = "--initial-cluster",
                defaultValue = DEFAULT_CLUSTER,
                description = "all members of the new cluster")
        String initialCluster = DEFAULT_CLUSTER;

        @Option(
                names = "--initial-cluster-token",
                defaultValue = "etcd-cluster",
                description = "token of the new cluster")
        String token = "etcd-cluster";

        @Option(
                names = "--initial-advertise-peer-urls",
                defaultValue = "http://localhost:2380",
                description = "where the other members reach this one")
        String peerUrls = "http://localhost:2380";

        /** Checked and computed as a member does it at its start, so that both come to the same ids. */
        SnapshotRestore.Target target() {
            var words = new ArrayList<>(List.of(
                    "--name=" + name,
                    "--initial-cluster=" + initialCluster,
                    "--initial-cluster-token=" + token,
                    "--initial-advertise-peer-urls=" + peerUrls));
            if (!dataDirectory.isEmpty()) {
                words.add("--data-dir=" + dataDirectory);
            }
            MemberConfig config = NodeConfig.parse(words, Map.of()).member();
            return new SnapshotRestore.Target(
                    config.clusterId(), config.self(), config.initialMembers(), config.dataDirectory());
        }
    }

    @Command(name = "save", description = "Stores a snapshot of a member in a file", mixinStandardHelpOptions = true)
    int save(@Parameters(paramLabel = "<filename>") Path file) {
        String version = new SnapshotDownload(client.connection).to(file);
        System.out.println("Snapshot saved at " + file);
        System.out.println("Server version " + version);
        return 0;
    }

    @Command(name = "status", description = "Describes the snapshot in a file", mixinStandardHelpOptions = true)
    int status(@Parameters(paramLabel = "<filename>") Path file) {
        FileStatus status;
        try (EtcdFile etcd = EtcdFile.open(file, true)) {
            status = etcd.status();
        }
        List<String> columns = List.of(
                Integer.toHexString(status.hash()),
                String.valueOf(status.revision()),
                String.valueOf(status.keys()),
                GoText.size(status.bytes()),
                status.version());
        switch (client.connection.format) {
            case simple -> System.out.println(String.join(", ", columns));
            case json ->
                System.out.println("{\"hash\":" + Integer.toUnsignedString(status.hash()) + ",\"revision\":"
                        + status.revision() + ",\"totalKey\":" + status.keys() + ",\"totalSize\":" + status.bytes()
                        + ",\"version\":\"" + status.version() + "\"}");
            case table -> {
                var table = new Table(List.of("HASH", "REVISION", "TOTAL KEYS", "TOTAL SIZE", "VERSION"));
                table.add(columns);
                table.lines().forEach(System.out::println);
            }
        }
        return 0;
    }

    @Command(
            name = "verify",
            description = "Proves the snapshot in a file: its checksum, every page and row; and says its hash",
            mixinStandardHelpOptions = true)
    int verify(@Parameters(paramLabel = "<filename>") Path file) throws IOException {
        SnapshotFile proven = SnapshotFile.inspect(file, new SecureRandom().nextLong());
        System.out.println("Snapshot " + file + " is sound: hash "
                + Integer.toUnsignedString(proven.history().hash()) + " at revision "
                + proven.history().revision() + ", " + proven.history().keys() + " keys");
        return 0;
    }

    @Command(
            name = "restore",
            description = "Makes the data directory of a member out of a snapshot",
            mixinStandardHelpOptions = true)
    int restore(
            @Parameters(paramLabel = "<filename>") Path file,
            @ArgGroup(exclusive = false) @Nullable Cluster cluster,
            @Option(
                            names = "--skip-hash-check",
                            description = "accept a file without a matching hash, as the database of a stopped member")
                    boolean skipHashCheck,
            @Option(names = "--bump-revision", description = "how much to raise the revision by") long bump,
            @Option(names = "--mark-compacted", description = "compact all before the raised revision")
                    boolean markCompacted) {
        if (bump < 0 || bump > 0 != markCompacted) {
            throw new CommandFailure("--mark-compacted required if --revision-bump > 0", CommandFailure.BAD_ARGUMENTS);
        }
        SnapshotRestore.Target target = (cluster == null ? new Cluster() : cluster).target();
        SnapshotRestore.Outcome outcome = new SnapshotRestore(target, bump == 0 ? null : bump).run(file, skipHashCheck);
        outcome.remarks().forEach(remark -> System.err.println("Warning: " + remark));
        System.out.println("Restored " + outcome.changes() + " changes at revision " + outcome.revision() + " into "
                + target.dataDirectory());
        return 0;
    }
}
