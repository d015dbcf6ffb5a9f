package dev.keelson.backup.full;

import dev.keelson.backup.full.Manifest.Blob;
import dev.keelson.backup.seal.KeyRing;
import dev.keelson.backup.seal.SealException;
import dev.keelson.backup.seal.Wrapping;
import dev.keelson.backup.store.BackupStore;
import dev.keelson.backup.store.CountedInput;
import dev.keelson.backup.store.Progress;
import dev.keelson.backup.store.StoreException;
import dev.keelson.storage.StorageException;
import dev.keelson.storage.bolt.DamagedBoltFileException;
import dev.keelson.storage.etcdfile.EtcdFileRefusedException;
import java.io.BufferedOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.util.zip.ZipException;

/**
 * Fetches the snapshot of a backup and proves it: number and SHA-256 of the bytes in the store and of those in the file,
 * every page and row of the file, and the hash of its history.
 *
 * <p>Thread rule: one thread.
 */
public record BackupFetch(BackupStore store, KeyRing keys, Progress progress) {

    private static final int BUFFER_BYTES = 1 << 16;
    private static final SecureRandom RANDOM = new SecureRandom();

    /**
     * Fetches it into a file.
     *
     * @param file overwritten when it is there
     * @throws BackupRefusedException when anything is not as the manifest says
     * @throws SealException when the keys at hand do not open it
     */
    public SnapshotFile fetch(Manifest manifest, Path file) throws IOException {
        progress.begin("fetch " + manifest.id(), manifest.object().bytes());
        try {
            copy(manifest, file);
        } finally {
            progress.end();
        }
        return inspect(manifest, file);
    }

    private void copy(Manifest manifest, Path file) throws IOException {
        String name = manifest.object().name();
        try (InputStream raw = get(manifest);
                var stored = new CountedInput(raw, progress);
                FileChannel channel = FileChannel.open(
                        file,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.TRUNCATE_EXISTING,
                        StandardOpenOption.WRITE)) {
            unwrap(manifest, stored, new BufferedOutputStream(Channels.newOutputStream(channel), BUFFER_BYTES));
            channel.force(true);
            require(name, "in the store", manifest.object(), stored.bytes(), stored.sha256());
        }
    }

    /** Reads failures of the content as such: the store's own were tried again before. */
    private void unwrap(Manifest manifest, CountedInput stored, OutputStream out) throws IOException {
        String name = manifest.object().name();
        try (InputStream opened = Wrapping.unwrap(name, keys, stored);
                var content = new CountedInput(opened, Progress.UNSEEN)) {
            content.transferTo(out);
            out.flush();
            // What lies behind the end of the content belongs to the object too.
            stored.drain();
            require(name, "unwrapped", manifest.content(), content.bytes(), content.sha256());
        } catch (ZipException | EOFException changed) {
            throw new BackupRefusedException(
                    "object " + name + " is refused: it was changed or cut off: " + changed.getMessage(), changed);
        }
    }

    private static void require(String name, String where, Blob said, long bytes, byte[] sha256) {
        if (bytes != said.bytes() || !ManifestJson.hex(sha256).equals(said.sha256())) {
            throw new BackupRefusedException("object " + name + " is refused: " + where + " it has " + bytes
                    + " bytes of SHA-256 " + ManifestJson.hex(sha256) + ", and its manifest says " + said.bytes()
                    + " of " + said.sha256() + "; restore from another backup");
        }
    }

    private InputStream get(Manifest manifest) {
        try {
            return store.get(manifest.object().name());
        } catch (StoreException failure) {
            if (failure.kind() != StoreException.Kind.MISSING) {
                throw failure;
            }
            throw new BackupRefusedException(
                    "object " + manifest.object().name() + " of backup " + manifest.id() + " is missing in "
                            + store.describe() + "; restore from another backup, keelson backup list shows them",
                    failure);
        }
    }

    private SnapshotFile inspect(Manifest manifest, Path file) throws IOException {
        String name = manifest.object().name();
        SnapshotFile snapshot;
        try {
            snapshot = SnapshotFile.inspect(file, RANDOM.nextLong());
        } catch (EtcdFileRefusedException | DamagedBoltFileException | StorageException unsound) {
            throw new BackupRefusedException("object " + name + " is refused: " + unsound.getMessage(), unsound);
        }
        if (!snapshot.history().equals(manifest.history())) {
            throw new BackupRefusedException("object " + name + " is refused: it holds " + snapshot.history()
                    + ", and its manifest says " + manifest.history());
        }
        return snapshot;
    }
}
