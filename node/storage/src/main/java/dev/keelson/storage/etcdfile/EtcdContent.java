package dev.keelson.storage.etcdfile;

import dev.keelson.mvcc.MvccStore;
import dev.keelson.mvcc.StoreImport;
import dev.keelson.mvcc.key.LeaseKey;
import dev.keelson.mvcc.key.LeaseRow;
import dev.keelson.mvcc.key.RevisionKey;
import dev.keelson.storage.bolt.BoltFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a file holds for a store: history, leases and how far it is compacted. Its members and its place in a log are
 * those of another cluster and stay behind.
 *
 * <p>Thread rule: one thread, while the file is open.
 */
public final class EtcdContent {

    private static final List<Integer> LEASE_KINDS = List.of(Fields.NUMBER, Fields.NUMBER, Fields.NUMBER);
    private static final byte[] SKIPPED_REVISION = {};

    private final Path path;
    private final BoltFile bolt;
    private long revision;
    private long lastSub = -1;
    private long changes;
    private long ordered = MvccStore.NEVER_COMPACTED;
    private long finished = MvccStore.NEVER_COMPACTED;
    private final EtcdAuth.Builder auth = new EtcdAuth.Builder();
    private long alarms;
    private String storageVersion = "";

    EtcdContent(Path path, BoltFile bolt) {
        this.path = path;
        this.bolt = bolt;
    }

    void check() {
        boolean foreign = bolt.bucket(Bucket.KEY.nameBytes()) == null || bolt.bucket(Bucket.META.nameBytes()) == null;
        if (foreign) {
            throw new EtcdFileRefusedException(path, "it has no buckets key and meta, so it is none of etcd's");
        }
        EtcdFile.forEach(bolt, Bucket.KEY, this::checkChange);
        EtcdFile.forEach(bolt, Bucket.LEASE, this::lease);
        EtcdFile.forEach(bolt, Bucket.META, this::readMeta);
        EtcdFile.forEach(bolt, Bucket.AUTH, (key, value) -> {
            String wrong = auth.read(key, value);
            if (wrong != null) {
                throw refused(Bucket.AUTH, wrong);
            }
        });
        EtcdFile.forEach(bolt, Bucket.AUTH_USERS, auth::user);
        EtcdFile.forEach(bolt, Bucket.AUTH_ROLES, auth::role);
        EtcdFile.forEach(bolt, Bucket.ALARM, (_, _) -> alarms++);
        if (finished > ordered && ordered > 0) {
            throw refused(
                    Bucket.META, "compaction " + finished + " is finished but " + ordered + " was the last ordered");
        }
    }

    private void checkChange(byte[] revisionKey, byte[] row) {
        byte[] _ = HistoryCheck.keyOf(path, revisionKey, row);
        long main = RevisionKey.main(revisionKey);
        boolean twice = main == revision && lastSub == RevisionKey.sub(revisionKey);
        if (twice) {
            throw refused(Bucket.KEY, "revision " + main + " is there as a put and as a deletion");
        }
        revision = main;
        lastSub = RevisionKey.sub(revisionKey);
        changes++;
    }

    private LeaseRow lease(byte[] key, byte[] row) {
        if (!Fields.areSound(row, LEASE_KINDS)) {
            throw refused(Bucket.LEASE, "a lease has unknown fields");
        }
        LeaseRow lease = LeaseRow.read(row);
        if (!Arrays.equals(key, LeaseKey.of(lease.id())) || lease.id() == 0 || lease.ttlSeconds() <= 0) {
            throw refused(Bucket.LEASE, "a lease contradicts its id or has no time to live");
        }
        return lease;
    }

    private void readMeta(byte[] key, byte[] value) {
        if (Arrays.equals(key, Bucket.SCHEDULED_COMPACTION)) {
            ordered = compaction(value);
        } else if (Arrays.equals(key, Bucket.FINISHED_COMPACTION)) {
            finished = compaction(value);
        } else if (Arrays.equals(key, Bucket.STORAGE_VERSION)) {
            storageVersion = new String(value, StandardCharsets.UTF_8);
        }
    }

    private long compaction(byte[] value) {
        long at = value.length < Long.BYTES ? 0 : RevisionKey.main(value);
        if (at <= 0) {
            throw refused(Bucket.META, "the revision of a compaction is not one");
        }
        return at;
    }

    private EtcdFileRefusedException refused(Bucket bucket, String what) {
        return new EtcdFileRefusedException(path, bucket.diskName(), what);
    }

    /** The revision of a store made of it. */
    public long revision() {
        return Math.max(revision, Math.max(ordered, finished));
    }

    /** The compaction that its history begins behind, {@link MvccStore#NEVER_COMPACTED} for none. */
    public long compactRevision() {
        return Math.max(ordered, finished);
    }

    /**
     * The hash of its history up to a revision, not below the compaction. Needs 16 bytes of memory for every key that was
     * live at the compaction.
     *
     * @param seed drawn at random
     */
    public HistoryDigest digest(long upTo, long seed) {
        return new FileHash(bolt, compactRevision(), upTo, seed).compute();
    }

    /** The version of etcd whose format it has; empty before 3.6. */
    public String storageVersion() {
        return storageVersion;
    }

    /** Changes that it knows. */
    public long changes() {
        return changes;
    }

    /** Users and roles, whose messages were not looked into. */
    public EtcdAuth auth() {
        return auth.build();
    }

    /** Alarms that were raised. */
    public long alarms() {
        return alarms;
    }

    /**
     * Makes a store of it.
     *
     * @param grantIndex the entry of the new log that leases count as granted by
     * @param bump by how much to raise the revision and make all before it compacted; null to leave it as it is
     */
    public void copyTo(StoreImport store, long grantIndex, @Nullable Long bump) {
        EtcdFile.forEach(bolt, Bucket.KEY, store::history);
        EtcdFile.forEach(bolt, Bucket.LEASE, (key, row) -> {
            LeaseRow lease = lease(key, row);
            store.lease(new LeaseRow(lease.id(), lease.ttlSeconds(), lease.remainingSeconds(), grantIndex));
        });
        if (bump == null) {
            store.finish(ordered, finished);
            return;
        }
        long raised = Math.addExact(revision, bump);
        store.history(RevisionKey.ofPut(raised, 0), SKIPPED_REVISION);
        store.finish(raised, finished);
    }
}
