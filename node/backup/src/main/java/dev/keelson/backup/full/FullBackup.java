package dev.keelson.backup.full;

import dev.keelson.backup.cluster.MemberHash;
import dev.keelson.backup.cluster.MemberStatus;
import dev.keelson.backup.cluster.SourceCluster;
import dev.keelson.backup.cluster.SourceException;
import dev.keelson.backup.full.Manifest.Blob;
import dev.keelson.backup.full.Manifest.History;
import dev.keelson.backup.seal.Wrapping;
import dev.keelson.backup.store.BackupStore;
import dev.keelson.backup.store.BackupStore.Content;
import dev.keelson.backup.store.CountedInput;
import dev.keelson.backup.store.CountedOutput;
import dev.keelson.backup.store.Progress;
import dev.keelson.backup.store.StoreException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Makes a full backup.
 *
 * <p>The snapshot goes through a file of this machine: it is looked at as a whole and its hash compared with a member's
 * before a byte of it goes to the store, and a store that has to begin again does not ask the cluster for it again. What
 * came to the store is read back before the manifest makes a backup of it.
 *
 * <p>Thread rule: one thread.
 */
public final class FullBackup {

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss").withZone(ZoneOffset.UTC);
    private static final String SNAPSHOT = "snapshot.db";
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int SUFFIX_BOUND = 1 << 16;

    private final SourceCluster cluster;
    private final BackupStore store;
    private final Wrapping wrapping;
    private final Clock clock;
    private final Progress progress;

    public FullBackup(SourceCluster cluster, BackupStore store, Wrapping wrapping, Clock clock, Progress progress) {
        this.cluster = cluster;
        this.store = store;
        this.wrapping = wrapping;
        this.clock = clock;
        this.progress = progress;
    }

    /** A snapshot that lies on this machine, and who gave it. */
    private record Taken(MemberStatus member, Path file, Instant at) {}

    /**
     * Makes it.
     *
     * @param directory with room for one snapshot, which is gone from there at the end
     * @throws SourceException when no member gives a snapshot
     * @throws BackupRefusedException when what a member gave is not sound, or came back from the store otherwise
     */
    public Manifest make(Path directory) throws IOException {
        Path file = Files.createTempFile(Files.createDirectories(directory), "snapshot-", ".db");
        try {
            Taken taken = take(file);
            SnapshotFile snapshot = SnapshotFile.inspect(file, RANDOM.nextLong());
            return put(taken, snapshot, compare(taken, snapshot.history()));
        } finally {
            Files.deleteIfExists(file);
        }
    }

    private Taken take(Path file) {
        List<MemberStatus> members = SnapshotMembers.inOrder(cluster.members());
        @Nullable SourceException last = null;
        for (MemberStatus member : members) {
            try {
                cluster.snapshot(member, file, progress);
                return new Taken(member, file, clock.instant());
            } catch (SourceException refused) {
                last = refused;
            }
        }
        throw last == null ? new SourceException("the cluster has no members") : last;
    }

    /** The member that says the same hash: who gave the snapshot, or another; null when all are compacted further. */
    private @Nullable Long compare(Taken taken, History history) {
        for (MemberStatus member : SnapshotMembers.startingWith(taken.member(), cluster.members())) {
            MemberHash said;
            try {
                said = cluster.hash(member, history.revision());
            } catch (SourceException compactedOrGone) {
                continue;
            }
            if (said.compactRevision() != history.compactRevision() || said.revision() != history.revision()) {
                continue;
            }
            if (said.hash() != history.hash()) {
                throw new BackupRefusedException("the snapshot of member "
                        + Long.toHexString(taken.member().memberId())
                        + " has hash " + Integer.toUnsignedString(history.hash()) + " at revision " + history.revision()
                        + ", but member " + Long.toHexString(said.memberId()) + " says "
                        + Integer.toUnsignedString(said.hash())
                        + "; compare the members with keelson endpoint hashkv before trusting either");
            }
            return said.memberId();
        }
        return null;
    }

    private Manifest put(Taken taken, SnapshotFile snapshot, @Nullable Long comparedWith) throws IOException {
        String id = TIME.format(taken.at()) + "-r" + snapshot.history().revision() + "-"
                + String.format("%04x", RANDOM.nextInt(SUFFIX_BOUND));
        String folder = Catalog.folder(taken.member().clusterId(), id);
        String name = folder + wrapping.name(SNAPSHOT);
        Blob object = putSnapshot(name, taken.file(), snapshot.content().bytes());
        readBack(object);
        var manifest = new Manifest(
                id,
                taken.member().clusterId(),
                taken.at(),
                taken.member().term(),
                snapshot.history(),
                comparedWith,
                snapshot.content(),
                object,
                snapshot.version());
        byte[] json = ManifestJson.write(manifest, wrapping.keys().first());
        store.put(folder + Catalog.MANIFEST, out -> out.write(json));
        return manifest;
    }

    private Blob putSnapshot(String name, Path file, long bytes) {
        var last = new Object() {
            @Nullable
            CountedOutput sum;
        };
        Content content = wrapping.wrap(name, out -> copy(file, bytes, out));
        try {
            store.put(name, out -> {
                var counted = new CountedOutput(out, Progress.UNSEEN);
                last.sum = counted;
                content.writeTo(counted);
            });
        } finally {
            progress.end();
        }
        CountedOutput sum = Objects.requireNonNull(last.sum);
        return new Blob(name, sum.bytes(), ManifestJson.hex(sum.sha256()));
    }

    private void copy(Path file, long bytes, OutputStream out) throws IOException {
        progress.begin("upload", bytes);
        try (var in = new CountedInput(Files.newInputStream(file), progress)) {
            in.transferTo(out);
        }
    }

    private void readBack(Blob object) {
        progress.begin("read back", object.bytes());
        try (InputStream in = store.get(object.name());
                var counted = new CountedInput(in, progress)) {
            counted.drain();
            if (counted.bytes() != object.bytes()
                    || !ManifestJson.hex(counted.sha256()).equals(object.sha256())) {
                throw new BackupRefusedException("object " + object.name() + " came back from " + store.describe()
                        + " otherwise than it was put; no backup was made of it, check the store");
            }
        } catch (IOException cause) {
            throw new StoreException(
                    StoreException.Kind.UNAVAILABLE, "cannot read back " + object.name() + ": " + cause, cause);
        } finally {
            progress.end();
        }
    }
}
