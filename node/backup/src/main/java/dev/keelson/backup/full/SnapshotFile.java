package dev.keelson.backup.full;

import dev.keelson.backup.full.Manifest.Blob;
import dev.keelson.backup.full.Manifest.History;
import dev.keelson.backup.store.CountedInput;
import dev.keelson.backup.store.Progress;
import dev.keelson.mvcc.MvccStore;
import dev.keelson.storage.etcdfile.EtcdContent;
import dev.keelson.storage.etcdfile.EtcdFile;
import dev.keelson.storage.etcdfile.HistoryDigest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What a snapshot file of etcd's holds, after all of it was looked at. */
public record SnapshotFile(History history, Blob content, String version) {

    /**
     * Looks at all of a file: its checksum, its pages, every row that a store would be made of, and computes its hash.
     *
     * @param seed drawn at random
     * @throws RuntimeException that says what is wrong with the file
     */
    public static SnapshotFile inspect(Path file, long seed) throws IOException {
        try (EtcdFile etcd = EtcdFile.open(file, false);
                var in = new CountedInput(Files.newInputStream(file), Progress.UNSEEN)) {
            EtcdContent content = etcd.check();
            // A store that nobody has written to yet is at a revision already.
            long revision = Math.max(content.revision(), MvccStore.FIRST_REVISION);
            HistoryDigest digest = content.digest(revision, seed);
            in.drain();
            return new SnapshotFile(
                    new History(revision, content.compactRevision(), digest.hash(), digest.keys(), content.changes()),
                    new Blob(file.toString(), in.bytes(), ManifestJson.hex(in.sha256())),
                    content.storageVersion());
        }
    }
}
