package dev.keelson.backup.restore;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keelson.backup.full.BackupFetch;
import dev.keelson.backup.full.Catalog;
import dev.keelson.backup.seal.KeyRing;
import dev.keelson.backup.store.BackupStore;
import dev.keelson.backup.store.DirectoryStore;
import dev.keelson.backup.store.Progress;
import dev.keelson.backup.store.StoreException;
import dev.keelson.mvcc.PutRequest;
import dev.keelson.mvcc.key.LeaseRow;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An archiver beside a store whose answers are lost, and beside a cluster that is silent for a while. */
class ArchiverPatienceTest {

    private static final long LEASE = 7;

    @TempDir
    Path directory;

    private final StoreCluster cluster = new StoreCluster();

    /** Does what it is told and says that it could not, so many times for each segment. */
    private record Mute(BackupStore store, AtomicInteger left) implements BackupStore {

        @Override
        public void put(String name, Content content) {
            store.put(name, content);
            if (name.contains(".segment") && left.getAndDecrement() > 0) {
                throw new StoreException(StoreException.Kind.UNAVAILABLE, "the answer was lost");
            }
        }

        @Override
        public InputStream get(String name, long from) {
            return store.get(name, from);
        }

        @Override
        public List<StoredObject> list(String prefix) {
            return store.list(prefix);
        }

        @Override
        public void delete(String name) {
            store.delete(name);
        }

        @Override
        public String describe() {
            return store.describe();
        }

        @Override
        public void close() {
            store.close();
        }
    }

    private BackupStore store() {
        return new DirectoryStore(directory.resolve("store"));
    }

    private Archiving archive(BackupStore store) {
        return new Archiving(cluster, store, KeyRing.NONE, Clock.systemUTC(), directory.resolve("work"));
    }

    private long put(long lease) {
        byte[] key = "k".getBytes(StandardCharsets.UTF_8);
        return cluster.write(batch -> {
            if (lease != 0) {
                batch.putLease(lease, new LeaseRow(lease, StoreCluster.LEASE_SECONDS, 0, 1).write());
            }
            var _ = batch.put(new PutRequest(key, key, lease, false, false, false));
        });
    }

    @Test
    void aSegmentWhoseAnswerWasLostIsTheArchiversOwn() throws Exception {
        try (Archiving archiving = archive(new Mute(store(), new AtomicInteger(1)))) {
            archiving.await(0);
            archiving.await(put(0));
            archiving.await(put(0));

            assertThat(archiving.heard).containsExactly("begun", "delayed");
        }
    }

    @Test
    void aLeaseIsAskedForUntilTheClusterAnswers() throws Exception {
        cluster.silences.set(2);
        try (Archiving archiving = archive(store())) {
            archiving.await(0);
            archiving.await(put(LEASE));

            assertThat(archiving.heard).containsExactly("begun", "delayed", "delayed");
        }
        RestorePlan plan = new RestorePlanner(new Catalog(store(), KeyRing.NONE)).plan("", new RestorePoint.Newest());
        var _ = new Restoration(new BackupFetch(store(), KeyRing.NONE, Progress.UNSEEN))
                .make(plan, directory.resolve("restored"));
        assertThat(plan.stretch().leaseSeconds(LEASE)).isEqualTo(StoreCluster.LEASE_SECONDS);
    }
}
