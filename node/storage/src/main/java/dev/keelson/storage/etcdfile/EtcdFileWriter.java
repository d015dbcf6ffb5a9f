package dev.keelson.storage.etcdfile;

import dev.keelson.mvcc.backend.Cursor;
import dev.keelson.mvcc.backend.Family;
import dev.keelson.mvcc.backend.Reader;
import dev.keelson.mvcc.key.LeaseKey;
import dev.keelson.mvcc.key.LeaseRow;
import dev.keelson.mvcc.key.RevisionKey;
import dev.keelson.storage.bolt.BoltWriter;
import dev.keelson.storage.bolt.BoltWriter.Elements;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;

/**
 * Writes one state of a store as a file of etcd's, without the checksum that streams of such files end with.
 *
 * <p>Thread rule: any one thread; the state must be pinned.
 */
public final class EtcdFileWriter {

    private static final byte[] LOWEST = {};
    private static final byte[] ENABLED = {1};
    private static final byte[] NOTHING = {};
    private static final String REMOVED = "removed";

    private final Reader rows;
    private final EtcdState state;
    private final BooleanSupplier unwanted;

    private EtcdFileWriter(Reader rows, EtcdState state, BooleanSupplier unwanted) {
        this.rows = rows;
        this.state = state;
        this.unwanted = unwanted;
    }

    /**
     * Writes a file, which must not exist yet.
     *
     * @param unwanted asked from time to time whether to give up
     * @return its bytes
     * @throws CancellationException when it was given up
     */
    public static long write(Path file, Reader rows, EtcdState state, BooleanSupplier unwanted) {
        var content = new EtcdFileWriter(rows, state, unwanted);
        try (BoltWriter bolt = BoltWriter.create(file)) {
            for (Bucket bucket : Bucket.values()) {
                bolt.bucket(bucket.nameBytes(), elements -> content.write(bucket, elements));
            }
            return bolt.finish();
        }
    }

    private void write(Bucket bucket, Elements elements) {
        switch (bucket) {
            case ALARM -> state.alarms().forEach(alarm -> elements.put(alarm, NOTHING));
            case AUTH -> writeAuth(elements);
            case AUTH_ROLES -> state.auth().roles().forEach(role -> elements.put(role.name(), role.message()));
            case AUTH_USERS -> state.auth().users().forEach(user -> elements.put(user.name(), user.message()));
            case CLUSTER -> {
                if (!state.clusterVersion().isEmpty()) {
                    elements.put(Bucket.CLUSTER_VERSION, Bucket.text(state.clusterVersion()));
                }
            }
            case KEY -> writeHistory(elements);
            case LEASE -> writeLeases(elements);
            case MEMBERS -> writeMembers(elements);
            case MEMBERS_REMOVED -> writeRemoved(elements);
            case META -> writeMeta(elements);
        }
    }

    private void writeAuth(Elements elements) {
        if (state.auth().enabled()) {
            elements.put(Bucket.AUTH_ENABLED, ENABLED);
        }
        elements.put(Bucket.AUTH_REVISION, EtcdAuth.number(state.auth().revision()));
    }

    private void writeHistory(Elements elements) {
        try (Cursor history = rows.ascend(Family.HISTORY, LOWEST, null)) {
            for (; history.isValid(); history.next()) {
                if (unwanted.getAsBoolean()) {
                    throw new CancellationException("nobody wants the file any more");
                }
                elements.put(history.key(), history.value());
            }
        }
    }

    private void writeLeases(Elements elements) {
        try (Cursor leases = rows.ascend(Family.LEASES, LOWEST, null)) {
            for (; leases.isValid(); leases.next()) {
                LeaseRow lease = LeaseRow.read(leases.value());
                elements.put(
                        LeaseKey.of(lease.id()),
                        new LeaseRow(lease.id(), lease.ttlSeconds(), lease.remainingSeconds(), 0).write());
            }
        }
    }

    private void writeMembers(Elements elements) {
        var sorted = new TreeMap<String, String>();
        state.members().forEach(member -> sorted.put(member.key(), member.json()));
        writeTexts(sorted, elements);
    }

    private void writeRemoved(Elements elements) {
        var sorted = new TreeMap<String, String>();
        state.removed().forEach(id -> sorted.put(Long.toHexString(id), REMOVED));
        writeTexts(sorted, elements);
    }

    private static void writeTexts(SortedMap<String, String> sorted, Elements elements) {
        sorted.forEach((key, value) -> elements.put(Bucket.text(key), Bucket.text(value)));
    }

    private void writeMeta(Elements elements) {
        elements.put(Bucket.CONF_STATE, Bucket.text(state.confState()));
        elements.put(Bucket.CONSISTENT_INDEX, number(state.index()));
        writeCompaction(Bucket.FINISHED_COMPACTION, state.finishedCompaction(), elements);
        writeCompaction(Bucket.SCHEDULED_COMPACTION, state.orderedCompaction(), elements);
        elements.put(Bucket.STORAGE_VERSION, Bucket.text(state.storageVersion()));
        elements.put(Bucket.TERM, number(state.term()));
    }

    private static void writeCompaction(byte[] name, long revision, Elements elements) {
        if (revision > 0) {
            elements.put(name, RevisionKey.ofPut(revision, 0));
        }
    }

    private static byte[] number(long number) {
        return ByteBuffer.allocate(Long.BYTES).putLong(number).array();
    }
}
