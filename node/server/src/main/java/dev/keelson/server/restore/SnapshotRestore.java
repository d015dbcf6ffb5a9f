package dev.keelson.server.restore;

import dev.keelson.engine.Member;
import dev.keelson.engine.apply.AppliedPoint;
import dev.keelson.engine.membership.Membership;
import dev.keelson.log.LogConfig;
import dev.keelson.log.SegmentedLog;
import dev.keelson.log.file.NioFileSystem;
import dev.keelson.mvcc.StoreImport;
import dev.keelson.raft.confchange.ConfState;
import dev.keelson.raft.log.HardState;
import dev.keelson.raft.log.SnapshotMetadata;
import dev.keelson.storage.Identity;
import dev.keelson.storage.RestoringDirectory;
import dev.keelson.storage.RocksBackend;
import dev.keelson.storage.StorageConfig;
import dev.keelson.storage.StorageException;
import dev.keelson.storage.etcdfile.EtcdContent;
import dev.keelson.storage.etcdfile.EtcdFile;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * Makes the data directory of one member of a new cluster out of a file of etcd's.
 *
 * <p>All of the file is looked at before anything is written. Every member of the new cluster is restored by itself, from
 * the same file and the same list of members: store and log then agree, since both are a function of these.
 */
public final class SnapshotRestore {

    /** The term of what a new cluster begins with, as in etcd. */
    private static final long FIRST_TERM = 1;

    private final Target target;
    private final @Nullable Long bump;

    /**
     * @param self the member whose directory it becomes
     * @param members all that the new cluster begins with
     */
    public record Target(long clusterId, Member self, List<Member> members, Path dataDirectory) {

        public Target {
            members = List.copyOf(members);
        }
    }

    /**
     * What came of it.
     *
     * @param remarks what the file holds and the new cluster does not
     */
    public record Outcome(long revision, long changes, List<String> remarks) {}

    /** @param bump by how much to raise the revision, with all before it compacted; null to leave it as it is */
    public SnapshotRestore(Target target, @Nullable Long bump) {
        this.target = target;
        this.bump = bump;
    }

    /** @param skipChecksum accept a file without the checksum of a snapshot, or with a wrong one */
    public Outcome run(Path file, boolean skipChecksum) {
        try (EtcdFile etcd = EtcdFile.open(file, skipChecksum)) {
            EtcdContent content = etcd.check();
            refuse(content);
            SequencedMap<String, byte[]> users = EtcdUsers.rows(content.auth());
            try (RestoringDirectory directory = RestoringDirectory.begin(target.dataDirectory())) {
                long incarnation = new SecureRandom().nextLong();
                makeStore(directory.db(), content, users);
                makeLog(directory.wal(), incarnation);
                directory.complete(
                        new Identity(target.clusterId(), target.self().id(), incarnation));
            }
            return new Outcome(content.revision() + (bump == null ? 0 : bump), content.changes(), remarks(content));
        }
    }

    private void refuse(EtcdContent content) {
        if (bump != null && content.revision() > Long.MAX_VALUE - bump) {
            throw new StorageException("--bump-revision " + bump + " leads beyond the highest revision there can be");
        }
    }

    private static List<String> remarks(EtcdContent content) {
        var remarks = new ArrayList<String>();
        // They are about members that are no more; etcd keeps them, and takes nothing until somebody disarms them.
        if (content.alarms() > 0) {
            remarks.add(content.alarms() + " alarms were left out");
        }
        return remarks;
    }

    private AppliedPoint applied() {
        return new AppliedPoint(target.members().size(), FIRST_TERM);
    }

    private void makeStore(Path db, EtcdContent content, SequencedMap<String, byte[]> users) {
        try (RocksBackend backend = RocksBackend.open(db, StorageConfig.defaults())) {
            var store = new StoreImport(backend);
            Membership.rows(target.members()).forEach(store::meta);
            users.forEach(store::meta);
            store.meta(AppliedPoint.ROW, applied().encode());
            content.copyTo(store, applied().index(), bump);
        }
    }

    private void makeLog(Path wal, long incarnation) {
        AppliedPoint applied = applied();
        var voters = new ConfState(
                target.members().stream()
                        .map(Member::id)
                        .sorted(Long::compareUnsigned)
                        .toList(),
                List.of(),
                List.of());
        try (SegmentedLog log = SegmentedLog.open(new NioFileSystem(), wal, LogConfig.defaults(incarnation))) {
            log.reset(
                    new SnapshotMetadata(applied.index(), applied.term(), voters),
                    new HardState(applied.term(), HardState.NO_VOTE, applied.index()));
        }
    }
}
