package dev.keelson.storage.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keelson.mvcc.backend.Family;
import dev.keelson.storage.RocksBackend;
import dev.keelson.storage.StorageConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SnapshotStreamTest {

    @TempDir
    private Path temporary;

    private Path source() throws Exception {
        Path directory = Files.createDirectories(temporary.resolve("checkpoint"));
        var random = new Random(1);
        int[] sizes = {0, 1, SnapshotChunk.BYTES_MAX, SnapshotChunk.BYTES_MAX + 1, 3 * SnapshotChunk.BYTES_MAX + 7};
        for (int size : sizes) {
            byte[] bytes = new byte[size];
            random.nextBytes(bytes);
            Files.write(directory.resolve("file-" + size + ".sst"), bytes);
        }
        return directory;
    }

    private static List<SnapshotChunk> chunks(Path directory) {
        var chunks = new ArrayList<SnapshotChunk>();
        try (SnapshotSource source = SnapshotSource.open(directory)) {
            source.forEachRemaining(chunks::add);
        }
        return chunks;
    }

    private Path receive(List<SnapshotChunk> chunks) {
        try (SnapshotSink sink = SnapshotSink.open(temporary.resolve("incoming"))) {
            chunks.forEach(sink::accept);
            return sink.complete();
        }
    }

    private void assertRefused(List<SnapshotChunk> chunks, String why) {
        assertThatThrownBy(() -> receive(chunks))
                .isInstanceOf(SnapshotRefusedException.class)
                .hasMessageContaining(why);
        assertThat(temporary.resolve("incoming")).doesNotExist();
    }

    @Test
    void filesArriveAsTheyWere() throws Exception {
        Path source = source();
        Path kept = Files.createDirectories(temporary.resolve("kept"));
        try (var files = Files.list(source)) {
            for (Path file : files.toList()) {
                Files.copy(file, kept.resolve(file.getFileName()));
            }
        }

        List<SnapshotChunk> chunks = chunks(source);
        Path received = receive(chunks);

        assertThat(source).doesNotExist();
        assertThat(chunks).allMatch(chunk -> chunk.bytes().length <= SnapshotChunk.BYTES_MAX);
        assertThat(chunks.stream().filter(SnapshotChunk::last)).containsExactly(chunks.getLast());
        try (var files = Files.list(kept)) {
            for (Path file : files.toList()) {
                assertThat(received.resolve(file.getFileName())).hasSameBinaryContentAs(file);
            }
        }
    }

    @Test
    void aStoreArrivesWhole() {
        byte[] key = {1};
        try (RocksBackend backend = RocksBackend.open(temporary.resolve("db"), StorageConfig.defaults())) {
            backend.write(batch -> batch.put(Family.KEYS, key, new byte[] {2}));
            backend.checkpoint(temporary.resolve("checkpoint"));
        }

        Path received = receive(chunks(temporary.resolve("checkpoint")));

        try (RocksBackend backend = RocksBackend.open(received, StorageConfig.defaults())) {
            assertThat(backend.get(Family.KEYS, key)).containsExactly(2);
        }
    }

    @Test
    void aStreamThatEndsTooEarlyIsRefused() throws Exception {
        List<SnapshotChunk> chunks = chunks(source());
        for (int count = 0; count < chunks.size(); count++) {
            assertRefused(chunks.subList(0, count), "ends too early");
        }
    }

    @Test
    void aMissingRepeatedOrSwappedChunkIsRefused() throws Exception {
        List<SnapshotChunk> chunks = chunks(source());
        for (int i = 0; i + 1 < chunks.size(); i++) {
            var missing = new ArrayList<>(chunks);
            missing.remove(i);
            assertRefused(missing, "");
            var repeated = new ArrayList<>(chunks);
            repeated.add(i, chunks.get(i));
            if (chunks.get(i).bytes().length > 0) {
                assertRefused(repeated, "");
            }
            var swapped = new ArrayList<>(chunks);
            swapped.set(i, chunks.get(i + 1));
            swapped.set(i + 1, chunks.get(i));
            if (!chunks.get(i).file().equals(chunks.get(i + 1).file()) && i + 2 < chunks.size()) {
                continue;
            }
            assertRefused(swapped, "");
        }
    }

    @Test
    void aFlippedBitAnywhereIsRefused() throws Exception {
        List<SnapshotChunk> chunks = chunks(source());
        var random = new Random(2);
        for (int i = 0; i < chunks.size(); i++) {
            SnapshotChunk chunk = chunks.get(i);
            if (chunk.bytes().length == 0) {
                continue;
            }
            byte[] damaged = chunk.bytes().clone();
            damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
            var sent = new ArrayList<>(chunks);
            sent.set(i, new SnapshotChunk(chunk.file(), chunk.offset(), damaged, chunk.last()));

            assertRefused(sent, "");
        }
    }

    @Test
    void namesThatLeadElsewhereAreRefused() {
        for (String name : List.of("../x", "/etc/x", "a/b", "..", ".hidden", "a\\b", "x\0y", " ", "a".repeat(200))) {
            assertRefused(List.of(new SnapshotChunk(name, 0, new byte[1], false)), "no plain file name");
        }
    }

    @Test
    void chunksOutOfAnyOrderAreRefused() {
        assertRefused(List.of(new SnapshotChunk("a", 5, new byte[1], false)), "offset 0 comes next");
        assertRefused(List.of(new SnapshotChunk("a", 0, new byte[1], true)), "may not come after");
        assertRefused(List.of(new SnapshotChunk("a", 0, new byte[SnapshotChunk.BYTES_MAX + 1], false)), "larger than");
        assertRefused(
                List.of(
                        new SnapshotChunk("a", 0, new byte[1], false),
                        new SnapshotChunk("b", 0, new byte[1], false),
                        new SnapshotChunk("a", 1, new byte[1], false)),
                "complete already");
    }

    @Test
    void aStreamThatIsGivenUpLeavesNothing() {
        Path incoming = temporary.resolve("incoming");
        try (SnapshotSink sink = SnapshotSink.open(incoming)) {
            sink.accept(new SnapshotChunk("a", 0, new byte[10], false));
            assertThat(incoming.resolve("a")).exists();
        }

        assertThat(incoming).doesNotExist();
    }

    @Test
    void theSizeIsKnownBeforehand() throws Exception {
        try (SnapshotSource source = SnapshotSource.open(source())) {
            long files = 0;
            long announced = source.sizeBytes();
            while (source.hasNext()) {
                SnapshotChunk chunk = source.next();
                files += chunk.file().equals(SnapshotChunk.MANIFEST) ? 0 : chunk.bytes().length;
            }

            assertThat(files).isEqualTo(announced);
        }
    }
}
