package dev.keelson.storage.etcdfile;

import dev.keelson.mvcc.key.HistoryRow;
import dev.keelson.mvcc.key.RevisionKey;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** Whether an element of bucket {@code key} is one that etcd writes: a revision, and what it made of a key. */
final class HistoryCheck {

    private static final int PUT_BYTES = 17;
    private static final int TOMBSTONE_BYTES = 18;
    private static final List<Integer> KINDS =
            List.of(Fields.BYTES, Fields.NUMBER, Fields.NUMBER, Fields.NUMBER, Fields.BYTES, Fields.NUMBER);
    private static final byte SEPARATOR = '_';
    private static final byte TOMBSTONE_MARK = 't';

    private HistoryCheck() {}

    /** The user key of an element; empty for a revision that a restore passed over. */
    static byte[] keyOf(Path file, byte[] revisionKey, byte[] row) {
        if (!isRevision(revisionKey)) {
            throw refused(file, "a key of " + revisionKey.length + " bytes is no revision");
        }
        long main = RevisionKey.main(revisionKey);
        if (!Fields.areSound(row, KINDS)) {
            throw refused(file, "revision " + main + " holds no key and value");
        }
        HistoryRow change = HistoryRow.read(row);
        if (!Arrays.equals(change.write(), row)) {
            throw refused(file, "revision " + main + " is not written as etcd writes it");
        }
        String wrong = complaint(revisionKey, change, row.length);
        if (!wrong.isEmpty()) {
            throw refused(file, "revision " + main + " " + wrong);
        }
        return change.key();
    }

    private static boolean isRevision(byte[] key) {
        boolean put = key.length == PUT_BYTES;
        boolean tombstone = key.length == TOMBSTONE_BYTES && key[PUT_BYTES] == TOMBSTONE_MARK;
        return (put || tombstone)
                && key[Long.BYTES] == SEPARATOR
                && RevisionKey.main(key) > 0
                && RevisionKey.sub(key) >= 0
                && RevisionKey.sub(key) < Integer.MAX_VALUE;
    }

    private static String complaint(byte[] revisionKey, HistoryRow change, int rowBytes) {
        if (RevisionKey.isTombstone(revisionKey)) {
            return change.key().length == 0 ? "deletes no key" : "";
        }
        if (rowBytes == 0) {
            return "";
        }
        if (change.key().length == 0) {
            return "puts no key";
        }
        boolean fits = change.modRevision() == RevisionKey.main(revisionKey)
                && change.createRevision() > 0
                && change.createRevision() <= change.modRevision()
                && change.version() > 0;
        return fits ? "" : "contradicts what it says of its key";
    }

    private static EtcdFileRefusedException refused(Path file, String what) {
        return new EtcdFileRefusedException(file, Bucket.KEY.diskName(), what);
    }
}
