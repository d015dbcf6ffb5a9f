package dev.keelson.storage.etcdfile;

import dev.keelson.mvcc.key.RevisionKey;
import dev.keelson.storage.StorageException;
import dev.keelson.storage.bolt.BoltCursor;
import dev.keelson.storage.bolt.BoltFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/**
 * A file of etcd's: a saved snapshot, which ends with a SHA-256 of itself, or the database of a stopped member, which
 * does not.
 *
 * <p>Thread rule: one thread.
 */
public final class EtcdFile implements AutoCloseable {

    /** Bytes of the checksum behind a snapshot. */
    public static final int CHECKSUM_BYTES = 32;

    /** What pages of all sizes are multiples of; a snapshot is longer by its checksum. */
    private static final int UNIT_BYTES = 512;

    private static final int READ_BYTES = 1 << 20;

    private final Path path;
    private final BoltFile bolt;

    private EtcdFile(Path path, BoltFile bolt) {
        this.path = path;
        this.bolt = bolt;
    }

    /**
     * Opens a file and compares its checksum.
     *
     * @param skipChecksum accept a file that has none, or the wrong one
     */
    public static EtcdFile open(Path path, boolean skipChecksum) {
        try {
            long bytes = Files.size(path);
            boolean summed = bytes % UNIT_BYTES == CHECKSUM_BYTES;
            long content = summed ? bytes - CHECKSUM_BYTES : bytes;
            if (!skipChecksum) {
                checkSum(path, content, summed);
            }
            return new EtcdFile(path, BoltFile.open(path, content));
        } catch (IOException cause) {
            throw new StorageException("cannot read " + path + ": " + cause, cause);
        }
    }

    private static void checkSum(Path path, long content, boolean summed) throws IOException {
        if (!summed) {
            throw new EtcdFileRefusedException(
                    path,
                    "snapshot missing hash but --skip-hash-check=false; give --skip-hash-check for the database of a"
                            + " stopped member");
        }
        try (InputStream in = Files.newInputStream(path)) {
            MessageDigest digest = sha256();
            byte[] buffer = new byte[READ_BYTES];
            for (long left = content; left > 0; ) {
                int read = in.readNBytes(buffer, 0, (int) Math.min(left, READ_BYTES));
                if (read == 0) {
                    throw new IOException("it became shorter while it was read");
                }
                digest.update(buffer, 0, read);
                left -= read;
            }
            if (!Arrays.equals(in.readNBytes(CHECKSUM_BYTES), digest.digest())) {
                throw new EtcdFileRefusedException(path, "its SHA-256 does not match its content");
            }
        }
    }

    /** The digest that snapshots end with. */
    public static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("every Java platform has SHA-256", missing);
        }
    }

    /** What etcd's tools say of the file. Needs memory for every key that is live. */
    public FileStatus status() {
        bolt.check();
        return new StatusScan(path, bolt).status();
    }

    /**
     * Looks at everything a store would be made of.
     *
     * @throws EtcdFileRefusedException when no store can be made of it
     * @throws dev.keelson.storage.bolt.DamagedBoltFileException when the file is damaged
     */
    public EtcdContent check() {
        bolt.check();
        var content = new EtcdContent(path, bolt);
        content.check();
        return content;
    }

    /**
     * Writes a snapshot of another moment, to a file that must not exist yet.
     *
     * @param upTo the last revision that is taken from this file
     * @param more what goes behind it
     */
    public void extend(Path target, long upTo, EtcdFileExtension.History more) {
        new EtcdFileExtension(bolt, upTo, more).write(target);
    }

    /** The rows of history of one revision. */
    public void rowsOf(long revision, EtcdFileExtension.Rows rows) {
        forEach(bolt, Bucket.KEY, (key, row) -> {
            if (RevisionKey.main(key) == revision) {
                rows.put(key, row);
            }
        });
    }

    /** Lets a scan see the elements of one bucket, none for one that is missing. */
    interface Visitor {
        void visit(byte[] key, byte[] value);
    }

    static void forEach(BoltFile bolt, Bucket bucket, Visitor visitor) {
        BoltCursor cursor = bolt.bucket(bucket.nameBytes());
        while (cursor != null && cursor.next()) {
            visitor.visit(cursor.key(), cursor.value());
        }
    }

    @Override
    public void close() {
        bolt.close();
    }
}
