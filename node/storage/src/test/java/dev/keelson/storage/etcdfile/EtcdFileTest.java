package dev.keelson.storage.etcdfile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keelson.mvcc.Compaction;
import dev.keelson.mvcc.DeleteRangeRequest;
import dev.keelson.mvcc.MvccStore;
import dev.keelson.mvcc.PutRequest;
import dev.keelson.mvcc.ReadView;
import dev.keelson.mvcc.StoreBatch;
import dev.keelson.mvcc.StoreImport;
import dev.keelson.mvcc.backend.InMemoryBackend;
import dev.keelson.mvcc.key.LeaseRow;
import dev.keelson.mvcc.key.RevisionKey;
import dev.keelson.storage.bolt.BoltWriter;
import dev.keelson.storage.bolt.DamagedBoltFileException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EtcdFileTest {

    private static final EtcdAuth AUTH = new EtcdAuth(
            true,
            12,
            List.of(new EtcdAuth.Entry(bytes("root"), bytes("one")), new EtcdAuth.Entry(bytes("alice"), bytes("two"))),
            List.of(new EtcdAuth.Entry(bytes("role"), bytes("three"))));

    private static final EtcdMember MEMBER = new EtcdMember(-2, "m\"0", List.of("http://a:1?x&y"), List.of(), false);

    @TempDir
    Path directory;

    private final MvccStore source = MvccStore.open(new InMemoryBackend());

    private void write(Consumer<StoreBatch> operation) {
        StoreBatch batch = source.begin();
        operation.accept(batch);
        batch.commit();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static PutRequest put(String key, String value, long lease) {
        return new PutRequest(bytes(key), bytes(value), lease, false, false, false);
    }

    /** Ten revisions, 2 to 11, compacted at 6. */
    private void fill() {
        write(batch -> batch.putLease(7, new LeaseRow(7, 100, 30, 4).write()));
        for (int i = 0; i < 8; i++) {
            int number = i;
            write(batch -> batch.put(put("k" + number % 3, "v" + number, number % 2 * 7)));
        }
        write(batch -> batch.deleteRange(new DeleteRangeRequest(bytes("k1"), bytes(""), false)));
        write(batch -> batch.put(put("last", "x".repeat(9000), 0)));
        write(batch -> {
            long _ = batch.compact(6);
        });
        for (Compaction next = source.pendingCompaction(); next != null; next = source.pendingCompaction()) {
            next.step(100);
        }
    }

    private Path export(boolean checksum) throws IOException {
        Path file = directory.resolve("file" + checksum);
        try (ReadView view = source.view()) {
            var state = new EtcdState(
                    40,
                    3,
                    view.compactRevision(),
                    view.finishedCompactRevision(),
                    "3.7.0",
                    "3.7.0",
                    List.of(MEMBER),
                    List.of(5L),
                    AUTH,
                    List.of(new byte[] {0x08, 0x02, 0x10, 0x01}, new byte[] {0x08, 0x01, 0x10, 0x01}));
            assertThat(EtcdFileWriter.write(file, view.rows(), state, () -> false))
                    .isEqualTo(Files.size(file));
        }
        if (checksum) {
            byte[] sum = EtcdFile.sha256().digest(Files.readAllBytes(file));
            Files.write(file, sum, StandardOpenOption.APPEND);
        }
        return file;
    }

    @Test
    void alarmsAreInTheFileAndKnownToBe() throws IOException {
        try (EtcdFile etcd = EtcdFile.open(export(true), false)) {
            assertThat(etcd.check().alarms()).isEqualTo(2);
        }
    }

    @Test
    void usersAndRolesComeBackAsTheyWere() throws IOException {
        fill();

        try (EtcdFile etcd = EtcdFile.open(export(true), false)) {
            assertThat(etcd.check().auth()).usingRecursiveComparison().isEqualTo(AUTH);
        }
    }

    private static MvccStore imported(Path file, boolean skipChecksum, @Nullable Long bump) {
        var backend = new InMemoryBackend();
        try (EtcdFile etcd = EtcdFile.open(file, skipChecksum)) {
            etcd.check().copyTo(new StoreImport(backend), 1, bump);
        }
        return MvccStore.open(backend);
    }

    private static int hash(MvccStore store, long revision) {
        try (ReadView view = store.view()) {
            return view.hashKv(revision).hash();
        }
    }

    @Test
    void aStoreThatWentThroughAFileHasTheSameHashAtEveryRevision() throws IOException {
        fill();

        MvccStore store = imported(export(true), false, null);

        assertThat(store.revision()).isEqualTo(11);
        assertThat(store.compactRevision()).isEqualTo(6);
        for (long revision = 6; revision <= 11; revision++) {
            assertThat(hash(store, revision)).isEqualTo(hash(source, revision));
        }
        try (ReadView view = store.view()) {
            assertThat(view.lease(7)).isEqualTo(new LeaseRow(7, 100, 30, 1));
            assertThat(view.leaseKeys(7)).containsExactly(bytes("k2"));
        }
    }

    @Test
    void aRaisedRevisionIsCompacted() throws IOException {
        fill();

        MvccStore store = imported(export(true), false, 1_000_000L);

        assertThat(store.revision()).isEqualTo(1_000_011);
        assertThat(store.compactRevision()).isEqualTo(1_000_011);
    }

    @Test
    void statusCountsLiveKeysAndTheHighestRevision() throws IOException {
        fill();
        Path file = export(true);

        try (EtcdFile etcd = EtcdFile.open(file, false)) {
            FileStatus status = etcd.status();
            assertThat(status.revision()).isEqualTo(11);
            assertThat(status.keys()).isEqualTo(3);
            assertThat(status.version()).isEqualTo("3.7.0");
            assertThat(status.bytes()).isEqualTo(Files.size(file) - EtcdFile.CHECKSUM_BYTES);
        }
    }

    @Test
    void aFileWithoutChecksumNeedsLeave() throws IOException {
        fill();
        Path file = export(false);

        assertThatThrownBy(() -> imported(file, false, null))
                .isInstanceOf(EtcdFileRefusedException.class)
                .hasMessageContaining("missing hash");
        assertThat(imported(file, true, null).revision()).isEqualTo(11);
    }

    @Test
    void everyChangedByteIsFoundByTheChecksum() throws IOException {
        fill();
        Path file = export(true);
        byte[] sound = Files.readAllBytes(file);
        var random = new Random(1);
        for (int i = 0; i < 50; i++) {
            byte[] damaged = sound.clone();
            damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
            Files.write(file, damaged);
            assertThatThrownBy(() -> imported(file, false, null)).hasMessageContaining("SHA-256");
        }
    }

    /** Without the checksum damage may go unseen, but nothing else than a refusal may come of it. */
    @Test
    void damageThatNoChecksumCoversGivesAStoreOrARefusal() throws IOException {
        fill();
        Path file = export(false);
        byte[] sound = Files.readAllBytes(file);
        var random = new Random(2);
        int refusals = 0;
        for (int i = 0; i < 400; i++) {
            byte[] damaged = sound.clone();
            for (int flips = random.nextInt(4); flips >= 0; flips--) {
                int page = random.nextInt(sound.length / 4096) * 4096;
                damaged[page + random.nextInt(1024)] ^= (byte) (1 << random.nextInt(8));
            }
            Files.write(file, damaged);
            try {
                assertThat(imported(file, true, null).revision()).isPositive();
            } catch (DamagedBoltFileException | EtcdFileRefusedException refused) {
                refusals++;
                assertThat(refused).hasMessageContaining(file.toString());
            }
        }
        assertThat(refusals).isPositive();
    }

    private void assertRefused(String words, BoltWriter.Content history) throws IOException {
        Path file = directory.resolve("hostile");
        Files.deleteIfExists(file);
        try (BoltWriter bolt = BoltWriter.create(file)) {
            bolt.bucket(bytes("key"), history);
            bolt.bucket(bytes("meta"), _ -> {});
            bolt.finish();
        }
        assertThatThrownBy(() -> imported(file, true, null))
                .isInstanceOf(EtcdFileRefusedException.class)
                .hasMessageContaining(words);
    }

    @Test
    void rowsThatEtcdDoesNotWriteAreRefused() throws IOException {
        byte[] row = {10, 1, 'k', 16, 2, 24, 2, 32, 1};
        assertRefused("no revision", elements -> elements.put(bytes("k"), row));
        assertRefused(
                "no key and value",
                elements -> elements.put(
                        RevisionKey.ofPut(2, 0),
                        new byte[] {10, (byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xff, 7}));
        assertRefused("contradicts", elements -> elements.put(RevisionKey.ofPut(3, 0), row));
        assertRefused("deletes no key", elements -> elements.put(RevisionKey.ofTombstone(3, 0), new byte[0]));
        assertRefused("as a put and as a deletion", elements -> {
            elements.put(RevisionKey.ofPut(2, 0), row);
            elements.put(RevisionKey.ofTombstone(2, 0), new byte[] {10, 1, 'k'});
        });
    }

    @Test
    void aFileOfAnotherProgramIsRefused() throws IOException {
        Path file = directory.resolve("other");
        try (BoltWriter bolt = BoltWriter.create(file)) {
            bolt.bucket(bytes("things"), elements -> elements.put(bytes("a"), bytes("b")));
            bolt.finish();
        }

        assertThatThrownBy(() -> imported(file, true, null)).hasMessageContaining("none of etcd's");
    }

    @Test
    void membersAreWrittenAsGoWritesThem() {
        assertThat(MEMBER.json())
                .isEqualTo("{\"id\":18446744073709551614,\"peerURLs\":[\"http://a:1?x\\u0026y\"],"
                        + "\"name\":\"m\\u00220\"}");
    }
}
