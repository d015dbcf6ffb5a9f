package dev.keelson.storage.etcdfile;

import dev.keelson.mvcc.key.RevisionKey;
import dev.keelson.storage.bolt.BoltCursor;
import dev.keelson.storage.bolt.BoltFile;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.zip.CRC32C;

/** Reads a file once from its beginning to its end, as etcd's tools do to describe it. */
final class StatusScan {

    private final Path path;
    private final BoltFile bolt;
    private final CRC32C hash = new CRC32C();
    private final Set<ByteBuffer> live = new HashSet<>();
    private long revision;
    private String version = "";

    StatusScan(Path path, BoltFile bolt) {
        this.path = path;
        this.bolt = bolt;
    }

    FileStatus status() {
        BoltCursor root = bolt.root();
        while (root.next()) {
            String name = new String(root.key(), StandardCharsets.UTF_8);
            if (!root.isBucket()) {
                throw new EtcdFileRefusedException(path, "'" + name + "' is no bucket");
            }
            hash.update(root.key());
            scan(name, root.bucket());
        }
        return new FileStatus((int) hash.getValue(), revision, live.size(), bolt.bytes(), version);
    }

    private void scan(String name, BoltCursor elements) {
        boolean history = name.equals(Bucket.KEY.diskName());
        boolean meta = name.equals(Bucket.META.diskName());
        while (elements.next()) {
            byte[] key = elements.key();
            hash.update(key);
            if (elements.isBucket()) {
                continue;
            }
            byte[] value = elements.value();
            hash.update(value);
            if (history) {
                see(key, value);
            } else if (meta && Arrays.equals(key, Bucket.STORAGE_VERSION)) {
                version = new String(value, StandardCharsets.UTF_8);
            }
        }
    }

    private void see(byte[] revisionKey, byte[] row) {
        byte[] key = HistoryCheck.keyOf(path, revisionKey, row);
        revision = RevisionKey.main(revisionKey);
        if (RevisionKey.isTombstone(revisionKey)) {
            live.remove(ByteBuffer.wrap(key));
        } else {
            live.add(ByteBuffer.wrap(key));
        }
    }
}
