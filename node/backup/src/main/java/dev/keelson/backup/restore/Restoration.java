package dev.keelson.backup.restore;

import dev.keelson.backup.archive.Stretch;
import dev.keelson.backup.cluster.Change;
import dev.keelson.backup.full.BackupFetch;
import dev.keelson.backup.full.BackupRefusedException;
import dev.keelson.backup.full.Manifest;
import dev.keelson.backup.full.SnapshotFile;
import dev.keelson.mvcc.key.RevisionKey;
import dev.keelson.storage.etcdfile.EtcdFile;
import dev.keelson.storage.etcdfile.EtcdFileExtension.History;
import dev.keelson.storage.etcdfile.EtcdFileExtension.Rows;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * Makes the snapshot file of a moment.
 *
 * <p>The file is one of etcd's, so all that takes such files can go on from there. Everything is proven on the way: the
 * backup as by {@link BackupFetch}, each segment by its checksum and by the one before it, and that the archive is of the
 * same life of the cluster as the backup; then all of the new file.
 *
 * <p>Thread rule: one thread.
 */
public final class Restoration {

    private static final SecureRandom RANDOM = new SecureRandom();

    private final BackupFetch fetch;

    public Restoration(BackupFetch fetch) {
        this.fetch = fetch;
    }

    /**
     * Makes the file, over one that is there.
     *
     * @throws BackupRefusedException when anything on the way is not as it should be; the file is not there then
     */
    public SnapshotFile make(RestorePlan plan, Path file) throws IOException {
        Files.deleteIfExists(file);
        Path base = file.resolveSibling(file.getFileName() + ".base");
        boolean made = false;
        try {
            SnapshotFile fetched = fetch.fetch(plan.base(), base);
            if (plan.stretch().segments() == 0
                    && plan.end().revision() >= plan.base().history().revision()) {
                Files.move(base, file);
                made = true;
                return fetched;
            }
            extend(plan, base, file);
            SnapshotFile result = SnapshotFile.inspect(file, RANDOM.nextLong());
            made = true;
            return result;
        } finally {
            Files.deleteIfExists(base);
            if (!made) {
                Files.deleteIfExists(file);
            }
        }
    }

    private static void extend(RestorePlan plan, Path base, Path file) {
        try (EtcdFile etcd = EtcdFile.open(base, false)) {
            Map<RevisionBytes, byte[]> last = new HashMap<>();
            long revision = plan.base().history().revision();
            etcd.rowsOf(revision, (key, row) -> last.put(new RevisionBytes(key), row));
            etcd.extend(file, Math.min(plan.end().revision(), revision), new Behind(plan, last));
        }
    }

    /** A key of history, to be looked up by. */
    private record RevisionBytes(byte[] key) {

        @Override
        public boolean equals(Object other) {
            return other instanceof RevisionBytes(byte[] theirs) && Arrays.equals(key, theirs);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(key);
        }
    }

    /** What the archive has behind a backup, as rows of history. */
    private record Behind(RestorePlan plan, Map<RevisionBytes, byte[]> last) implements History {

        @Override
        public void forEach(Rows rows) {
            plan.stretch().read(plan.end(), new Stretch.Visitor() {
                @Override
                public void change(Change change, long sub) {
                    rows.put(key(change, sub), change.row());
                }

                @Override
                public void overlap(Change change, long sub) {
                    requireSame(change, sub);
                }
            });
        }

        /** What a compaction has taken from the backup cannot be compared; what is there must be the same. */
        private void requireSame(Change change, long sub) {
            byte[] row = last.get(new RevisionBytes(key(change, sub)));
            Manifest base = plan.base();
            boolean taken = row == null && base.history().compactRevision() >= change.revision();
            if (!taken && !Arrays.equals(row, change.row())) {
                throw new BackupRefusedException("the archive and backup " + base.id() + " do not agree on revision "
                        + change.revision() + ": they are of different lives of cluster " + base.clusterHex()
                        + "; restore the backup alone with --backup, or begin with one that the archive begins with");
            }
        }

        private static byte[] key(Change change, long sub) {
            return change.deletion()
                    ? RevisionKey.ofTombstone(change.revision(), sub)
                    : RevisionKey.ofPut(change.revision(), sub);
        }

        @Override
        public long leaseSeconds(long id) {
            return plan.stretch().leaseSeconds(id);
        }
    }
}
