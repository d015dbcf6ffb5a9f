package dev.keelson.storage.etcdfile;

import dev.keelson.mvcc.key.HistoryRow;
import dev.keelson.mvcc.key.LeaseKey;
import dev.keelson.mvcc.key.LeaseRow;
import dev.keelson.mvcc.key.RevisionKey;
import dev.keelson.storage.StorageException;
import dev.keelson.storage.bolt.BoltFile;
import dev.keelson.storage.bolt.BoltWriter;
import dev.keelson.storage.bolt.BoltWriter.Elements;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeMap;

/**
 * Writes a snapshot of another moment: the history of a file cut off behind a revision, and more of it put behind its end.
 *
 * <p>Leases that keys of the new history hang on and the file does not know are granted anew. All else stays as it is in the
 * file: users and roles, members, how far it is compacted.
 *
 * <p>Thread rule: one thread.
 */
public final class EtcdFileExtension {

    private static final int READ_BYTES = 1 << 16;
    private static final int MAP_ENTRIES_FIRST = 64;

    private final BoltFile bolt;
    private final long upTo;
    private final History more;
    private final Set<Long> leases = new HashSet<>(MAP_ENTRIES_FIRST);

    /** The history that goes behind a file's. */
    public interface History {

        /** Gives every row, in the order of the revisions. */
        void forEach(Rows rows);

        /** What a lease that keys of it hang on is granted for. */
        long leaseSeconds(long id);
    }

    /** Receives rows of history. */
    public interface Rows {
        void put(byte[] revisionKey, byte[] row);
    }

    EtcdFileExtension(BoltFile bolt, long upTo, History more) {
        this.bolt = bolt;
        this.upTo = upTo;
        this.more = more;
    }

    /** Writes the file, which must not exist yet, with its checksum. */
    void write(Path file) {
        try (BoltWriter out = BoltWriter.create(file)) {
            for (Bucket bucket : Bucket.values()) {
                if (bolt.bucket(bucket.nameBytes()) != null) {
                    out.bucket(bucket.nameBytes(), elements -> write(bucket, elements));
                }
            }
            long _ = out.finish();
        }
        try {
            appendSum(file);
        } catch (IOException cause) {
            throw new StorageException("cannot write " + file + ": " + cause, cause);
        }
    }

    private void write(Bucket bucket, Elements elements) {
        switch (bucket) {
            case KEY -> writeHistory(elements);
            case LEASE -> writeLeases(elements);
            default -> EtcdFile.forEach(bolt, bucket, elements::put);
        }
    }

    private void writeHistory(Elements elements) {
        long[] last = {0};
        boolean[] cut = {false};
        EtcdFile.forEach(bolt, Bucket.KEY, (key, row) -> {
            if (RevisionKey.main(key) <= upTo) {
                last[0] = RevisionKey.main(key);
                elements.put(key, row);
            } else {
                cut[0] = true;
            }
        });
        if (cut[0]) {
            // Leases that ended behind the cut are not in the file any more.
            EtcdFile.forEach(bolt, Bucket.KEY, (key, row) -> seeLease(row));
        }
        more.forEach((key, row) -> {
            if (RevisionKey.main(key) <= last[0]) {
                throw new IllegalArgumentException(
                        "revision " + RevisionKey.main(key) + " does not lie behind " + last[0]);
            }
            seeLease(row);
            elements.put(key, row);
        });
    }

    private void seeLease(byte[] row) {
        long lease = HistoryRow.read(row).lease();
        if (lease != 0) {
            leases.add(lease);
        }
    }

    private void writeLeases(Elements elements) {
        var missing = new TreeMap<byte[], byte[]>(Arrays::compareUnsigned);
        for (long id : leases) {
            missing.put(LeaseKey.of(id), new LeaseRow(id, more.leaseSeconds(id), 0, 0).write());
        }
        EtcdFile.forEach(bolt, Bucket.LEASE, (key, _) -> missing.remove(key));
        EtcdFile.forEach(bolt, Bucket.LEASE, (key, row) -> {
            var before = missing.headMap(key);
            before.forEach(elements::put);
            before.clear();
            elements.put(key, row);
        });
        missing.forEach(elements::put);
    }

    private static void appendSum(Path file) throws IOException {
        MessageDigest digest = EtcdFile.sha256();
        try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
            byte[] buffer = new byte[READ_BYTES];
            int read = 0;
            while (read >= 0) {
                read = in.read(buffer);
            }
        }
        try (FileChannel out = FileChannel.open(file, StandardOpenOption.APPEND)) {
            ByteBuffer sum = ByteBuffer.wrap(digest.digest());
            while (sum.hasRemaining()) {
                out.write(sum);
            }
            out.force(true);
        }
    }
}
