package dev.keelson.backup.restore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keelson.backup.full.BackupFetch;
import dev.keelson.backup.full.BackupRefusedException;
import dev.keelson.backup.full.Catalog;
import dev.keelson.backup.full.SnapshotFile;
import dev.keelson.backup.seal.KeyRing;
import dev.keelson.backup.seal.SealException;
import dev.keelson.backup.seal.SealKey;
import dev.keelson.backup.store.DirectoryStore;
import dev.keelson.backup.store.Progress;
import dev.keelson.mvcc.DeleteRangeRequest;
import dev.keelson.mvcc.PutRequest;
import dev.keelson.mvcc.key.LeaseRow;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RestorationTest {

    private static final long SEED = 88;
    private static final int WRITES = 300;
    private static final int VARIANTS = 200;
    private static final KeyRing KEYS = new KeyRing(List.of(new SealKey(new byte[SealKey.BYTES])));

    @TempDir
    Path directory;

    private final StoreCluster cluster = new StoreCluster();
    private final Random random = new Random(SEED);
    private volatile Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private final Clock clock = new Clock() {
        @Override
        public ZoneOffset getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(java.time.ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return now;
        }
    };
    private Path objects = Path.of("");

    @BeforeEach
    void name() {
        objects = directory.resolve("store");
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private long write() {
        String key = "k" + random.nextInt(20);
        return cluster.write(batch -> {
            switch (random.nextInt(4)) {
                case 0 -> batch.deleteRange(new DeleteRangeRequest(bytes("k"), bytes(key), false));
                case 1 -> {
                    batch.putLease(7, new LeaseRow(7, 100, 0, 1).write());
                    var _ = batch.put(new PutRequest(bytes(key), bytes("leased"), 7, false, false, false));
                }
                default -> {
                    var _ = batch.put(
                            new PutRequest(bytes(key), bytes("v" + random.nextLong()), 0, false, false, false));
                }
            }
        });
    }

    private long writeMany(int writes) {
        long last = 0;
        for (int i = 0; i < writes; i++) {
            last = write();
        }
        return last;
    }

    private Archiving archive(KeyRing keys) {
        return new Archiving(cluster, new DirectoryStore(objects), keys, clock, directory.resolve("work"));
    }

    private void archiveSome(int writes) throws InterruptedException {
        try (Archiving archiving = archive(KEYS)) {
            archiving.await(0);
            archiving.await(writeMany(writes));
        }
    }

    private SnapshotFile restore(RestorePoint point, KeyRing keys) throws IOException {
        var store = new DirectoryStore(objects);
        RestorePlan plan = new RestorePlanner(new Catalog(store, keys)).plan("", point);
        return new Restoration(new BackupFetch(store, keys, Progress.UNSEEN)).make(plan, directory.resolve("restored"));
    }

    private void assertRestores(long revision, KeyRing keys) throws IOException {
        SnapshotFile made = restore(new RestorePoint.AtRevision(revision), keys);
        assertThat(made.history().revision()).isEqualTo(revision);
        assertThat(made.history().hash()).as("revision " + revision).isEqualTo(cluster.hash(revision));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void everyRevisionIsRestoredWithTheHashItHad(boolean sealed) throws Exception {
        KeyRing keys = sealed ? KEYS : KeyRing.NONE;
        long compacted = writeMany(WRITES / 3);
        cluster.compact(compacted - 10);
        long first = writeMany(10);
        long last;
        try (Archiving archiving = archive(keys)) {
            archiving.await(first);
            last = writeMany(WRITES);
            archiving.await(last);
        }
        for (long revision = compacted - 10; revision <= last; revision += 1 + random.nextInt(20)) {
            assertRestores(revision, keys);
        }
        assertRestores(last, keys);
        assertThat(restore(new RestorePoint.Newest(), keys).history().hash()).isEqualTo(cluster.hash(last));
    }

    @Test
    void anArchiverThatComesBackGoesOnBehindTheLastSegment() throws Exception {
        for (int life = 0; life < 4; life++) {
            try (Archiving archiving = archive(KEYS)) {
                archiving.await(0);
                long last = writeMany(30);
                archiving.await(last);
                assertThat(archiving.heard).containsExactly(life == 0 ? "begun" : "resumed");
            }
            writeMany(5);
        }
        try (Archiving archiving = archive(KEYS)) {
            archiving.await(cluster.write(batch -> {
                var _ = batch.put(new PutRequest(bytes("end"), bytes("x"), 0, false, false, false));
            }));
        }
        for (long revision = 60; revision < 100; revision += 7) {
            assertRestores(revision, KEYS);
        }
    }

    @Test
    void whatWasCompactedUnreadMakesANewFullBackup() throws Exception {
        archiveSome(30);
        long end = writeMany(20);
        cluster.compact(end);
        try (Archiving archiving = archive(KEYS)) {
            archiving.await(writeMany(10));
            assertThat(archiving.heard).containsExactly("resumed", "gap", "begun");
        }
        assertRestores(end + 5, KEYS);
        long lost = end - 10;
        assertThatThrownBy(() -> restore(new RestorePoint.AtRevision(lost), KEYS))
                .isInstanceOf(BackupRefusedException.class)
                .hasMessageContaining("revision " + lost + " lies outside");
    }

    @Test
    void aTimeIsRestoredToWhatHadComeByThen() throws Exception {
        long[] revisions = new long[20];
        Instant begin = now;
        try (Archiving archiving = archive(KEYS)) {
            archiving.await(0);
            for (int i = 0; i < revisions.length; i++) {
                now = begin.plusSeconds(10L * (i + 1));
                revisions[i] = writeMany(3);
                if (i % 5 == 0) {
                    archiving.await(revisions[i]);
                }
            }
            archiving.await(revisions[revisions.length - 1]);
        }
        for (int i = 0; i < revisions.length - 1; i += 3) {
            Instant time = begin.plusSeconds(10L * (i + 1) + 5);
            SnapshotFile made = restore(new RestorePoint.AtTime(time), KEYS);
            assertThat(made.history().revision()).as(time.toString()).isEqualTo(revisions[i]);
            assertThat(made.history().hash()).isEqualTo(cluster.hash(revisions[i]));
        }
        for (Instant outside : List.of(begin.minusSeconds(1), now.plusSeconds(1))) {
            assertThatThrownBy(() -> restore(new RestorePoint.AtTime(outside), KEYS))
                    .isInstanceOf(BackupRefusedException.class)
                    .hasMessageContaining("time " + outside + " lies outside");
        }
    }

    @Test
    void aClusterMadeAnewIsNotFollowedIntoTheSameArchive() throws Exception {
        archiveSome(30);
        cluster.term = 1;
        assertThatThrownBy(archive(KEYS)::close).hasStackTraceContaining("made anew");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void everyDamageIsRefusedByTheNameOfAnObject(boolean sealed) throws Exception {
        KeyRing keys = sealed ? KEYS : KeyRing.NONE;
        long last;
        try (Archiving archiving = archive(keys)) {
            archiving.await(0);
            last = writeMany(100);
            archiving.await(last);
        }
        Path sound = objects;
        assertRestores(last, keys);
        for (int variant = 0; variant < VARIANTS; variant++) {
            objects = directory.resolve("variant");
            String what = Damage.make(sound, objects, new Random(variant));
            assertThatThrownBy(() -> restore(new RestorePoint.AtRevision(last), keys))
                    .as("variant " + variant + ": " + what)
                    .isInstanceOfAny(BackupRefusedException.class, SealException.class)
                    .hasMessageMatching("(?s).*(backups/|archive/|lies outside|there is no backup).*");
            assertThat(directory.resolve("restored")).doesNotExist();
        }
    }

    @Test
    void theWrongKeyIsSaid() throws Exception {
        byte[] other = new byte[SealKey.BYTES];
        Arrays.fill(other, (byte) 9);
        archiveSome(10);
        assertThatThrownBy(() -> restore(new RestorePoint.Newest(), new KeyRing(List.of(new SealKey(other)))))
                .isInstanceOf(BackupRefusedException.class)
                .hasMessageContaining("not signed by any of the keys");
        assertThatThrownBy(() -> restore(new RestorePoint.Newest(), KeyRing.NONE))
                .isInstanceOf(SealException.class)
                .hasMessageContaining("no key was given");
        try (Stream<Path> left = Files.list(directory.resolve("work"))) {
            assertThat(left).isEmpty();
        }
    }
}
