package dev.keelson.backup.restore;

import dev.keelson.backup.cluster.Change;
import dev.keelson.backup.cluster.ChangeSink;
import dev.keelson.backup.cluster.MemberHash;
import dev.keelson.backup.cluster.MemberStatus;
import dev.keelson.backup.cluster.MemberStatus.Role;
import dev.keelson.backup.cluster.SourceCluster;
import dev.keelson.backup.cluster.SourceException;
import dev.keelson.backup.store.Progress;
import dev.keelson.mvcc.Compaction;
import dev.keelson.mvcc.MvccStore;
import dev.keelson.mvcc.ReadView;
import dev.keelson.mvcc.StoreBatch;
import dev.keelson.mvcc.backend.Cursor;
import dev.keelson.mvcc.backend.Family;
import dev.keelson.mvcc.backend.InMemoryBackend;
import dev.keelson.mvcc.key.HistoryRow;
import dev.keelson.mvcc.key.RevisionKey;
import dev.keelson.storage.etcdfile.EtcdAuth;
import dev.keelson.storage.etcdfile.EtcdFile;
import dev.keelson.storage.etcdfile.EtcdFileWriter;
import dev.keelson.storage.etcdfile.EtcdState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A cluster that is one store in this process: the real store, snapshots and hashes, without a network. */
final class StoreCluster implements SourceCluster {

    static final long ID = 0xc1;
    static final long LEASE_SECONDS = 500;

    private final MvccStore store = MvccStore.open(new InMemoryBackend());
    private final List<Feed> feeds = new ArrayList<>();

    /** Questions about leases that come to nothing. */
    final AtomicInteger silences = new AtomicInteger();

    long term = 2;

    /** One who follows, and what he has had. */
    private final class Feed implements Subscription {

        private final ChangeSink sink;
        private long next;

        Feed(long from, ChangeSink sink) {
            this.next = from;
            this.sink = sink;
        }

        @Override
        public void requestProgress() {
            synchronized (StoreCluster.this) {
                sink.changes(List.of(), next - 1, term);
            }
        }

        @Override
        public void close() {
            synchronized (StoreCluster.this) {
                feeds.remove(this);
            }
        }

        void feed() {
            try (ReadView view = store.view()) {
                if (next < view.compactRevision()) {
                    feeds.remove(this);
                    sink.compacted(view.compactRevision());
                    return;
                }
                var changes = new ArrayList<Change>();
                try (Cursor rows = view.rows().ascend(Family.HISTORY, RevisionKey.ofPut(next, 0), null)) {
                    for (; rows.isValid(); rows.next()) {
                        byte[] row = rows.value();
                        changes.add(new Change(
                                RevisionKey.main(rows.key()),
                                RevisionKey.isTombstone(rows.key()),
                                HistoryRow.read(row).lease(),
                                row));
                    }
                }
                next = view.revision() + 1;
                if (!changes.isEmpty()) {
                    sink.changes(changes, view.revision(), term);
                }
            }
        }
    }

    /** Makes a change and lets all who follow know. */
    synchronized long write(Consumer<StoreBatch> operation) {
        StoreBatch batch = store.begin();
        operation.accept(batch);
        batch.commit();
        List.copyOf(feeds).forEach(Feed::feed);
        try (ReadView view = store.view()) {
            return view.revision();
        }
    }

    synchronized void compact(long revision) {
        StoreBatch batch = store.begin();
        long _ = batch.compact(revision);
        batch.commit();
        for (@Nullable Compaction next = store.pendingCompaction(); next != null; next = store.pendingCompaction()) {
            next.step(100);
        }
    }

    synchronized int hash(long revision) {
        try (ReadView view = store.view()) {
            return view.hashKv(revision).hash();
        }
    }

    @Override
    public synchronized List<MemberStatus> members() {
        return List.of(new MemberStatus("here", ID, 1, Role.FOLLOWER, term, 1, 0, "3.7.0"));
    }

    @Override
    public synchronized void snapshot(MemberStatus member, Path file, Progress progress) {
        try (ReadView view = store.view()) {
            Files.deleteIfExists(file);
            var state = new EtcdState(
                    1,
                    1,
                    view.compactRevision(),
                    view.finishedCompactRevision(),
                    "3.7.0",
                    "3.7.0",
                    List.of(),
                    List.of(),
                    new EtcdAuth(false, 1, List.of(), List.of()),
                    List.of());
            long _ = EtcdFileWriter.write(file, view.rows(), state, () -> false);
            byte[] sum = EtcdFile.sha256().digest(Files.readAllBytes(file));
            Files.write(file, sum, StandardOpenOption.APPEND);
        } catch (IOException cause) {
            throw new UncheckedIOException(cause);
        }
    }

    @Override
    public synchronized MemberHash hash(MemberStatus member, long revision) {
        try (ReadView view = store.view()) {
            var hash = view.hashKv(revision);
            return new MemberHash(1, hash.hash(), hash.compactRevision(), hash.hashRevision());
        }
    }

    @Override
    public OptionalLong leaseSeconds(long id) {
        if (silences.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
            throw new SourceException("no member answers");
        }
        return OptionalLong.of(LEASE_SECONDS);
    }

    @Override
    public synchronized Subscription follow(long fromRevision, ChangeSink sink) {
        var feed = new Feed(fromRevision, sink);
        feeds.add(feed);
        feed.feed();
        return feed;
    }

    @Override
    public void close() {}
}
