package dev.keelson.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keelson.mvcc.backend.Cursor;
import dev.keelson.mvcc.backend.Family;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Bits flipped and files lost at rest: refused by name, never served. */
class RocksBackendDamageTest {

    private static final int ROWS = 2000;

    @TempDir
    private Path temporary;

    private Path db;

    @BeforeEach
    void fill() {
        db = temporary.resolve("db");
        try (RocksBackend backend = RocksBackend.open(db, StorageConfig.defaults())) {
            backend.write(batch -> {
                for (int i = 0; i < ROWS; i++) {
                    batch.put(Family.KEYS, key(i), value(i));
                    batch.put(Family.HISTORY, key(i), value(i));
                }
            });
        }
    }

    private static byte[] key(int i) {
        return ByteBuffer.allocate(Integer.BYTES).putInt(i).array();
    }

    private static byte[] value(int i) {
        byte[] value = new byte[60];
        new Random(i).nextBytes(value);
        return value;
    }

    /** Reads every row by both ways; a wrong or missing one fails the test, an exception is passed on. */
    private static void readAll(RocksBackend backend) {
        for (Family family : new Family[] {Family.KEYS, Family.HISTORY}) {
            int rows = 0;
            try (Cursor cursor = backend.ascend(family, new byte[0], null)) {
                for (; cursor.isValid(); cursor.next()) {
                    assertThat(cursor.key()).isEqualTo(key(rows));
                    assertThat(cursor.value()).isEqualTo(value(rows));
                    rows++;
                }
            }
            assertThat(rows).isEqualTo(ROWS);
            for (int i = 0; i < ROWS; i += 7) {
                assertThat(backend.get(family, key(i))).isEqualTo(value(i));
            }
        }
    }

    private static void openAndReadAll(Path directory) {
        try (RocksBackend backend = RocksBackend.open(directory, StorageConfig.defaults())) {
            readAll(backend);
        }
    }

    @Test
    void aFlippedBitInATableIsNamedAndNeverServed() throws Exception {
        var random = new Random(3);
        int refused = 0;
        for (int round = 0; round < 60; round++) {
            Path copy = Directories.copy(db, temporary.resolve("copy" + round));
            var tables = Directories.filesEndingWith(copy, ".sst");
            Path table = tables.get(round % tables.size());
            Directories.flip(table, random.nextLong(8 * Files.size(table)));
            try {
                openAndReadAll(copy);
            } catch (StorageCorruptException named) {
                assertThat(named).hasMessageContaining(table.getFileName().toString());
                refused++;
            }
        }
        assertThat(refused).isGreaterThan(50);
    }

    @Test
    void aFlippedBitInADataBlockStopsReadsOfThatBlock() throws Exception {
        for (Path table : Directories.filesEndingWith(db, ".sst")) {
            Directories.flip(table, 8L * 100);
        }

        assertThatThrownBy(() -> openAndReadAll(db))
                .isInstanceOf(StorageCorruptException.class)
                .hasMessageContaining(".sst");
    }

    /** Only the last record can pass for one that a crash cut short, and then an older whole state comes back. */
    @Test
    void aDamagedManifestIsRefused() throws Exception {
        try (RocksBackend backend = RocksBackend.open(db, StorageConfig.defaults())) {
            backend.write(batch -> batch.put(Family.META, key(1), value(1)));
        }
        long size = Files.size(Directories.fileStartingWith(db, "MANIFEST"));
        long refused = 0;
        for (long at = 0; at < size; at += 9) {
            Path copy = Directories.copy(db, temporary.resolve("copy" + at));
            Directories.flip(Directories.fileStartingWith(copy, "MANIFEST"), 8 * at + at % 8);
            try {
                openAndReadAll(copy);
            } catch (StorageCorruptException named) {
                assertThat(named).hasMessageContaining("MANIFEST");
                refused = at;
            }
        }
        assertThat(refused).isGreaterThan(size - 120);
    }

    @Test
    void aDamagedCurrentIsRefused() throws Exception {
        Path current = db.resolve("CURRENT");
        byte[] sound = Files.readAllBytes(current);
        for (int at = 0; at < sound.length; at++) {
            byte[] damaged = sound.clone();
            damaged[at] ^= 4;
            Files.write(current, damaged);

            assertThatThrownBy(() -> openAndReadAll(db))
                    .as("byte %d", at)
                    .isInstanceOf(StorageCorruptException.class)
                    .hasMessageContaining(db.toString());
        }
        Files.write(current, sound);
        openAndReadAll(db);
    }

    @Test
    void aMissingCurrentIsNotTakenForANewStore() throws Exception {
        Files.delete(db.resolve("CURRENT"));

        assertThatThrownBy(() -> openAndReadAll(db))
                .isInstanceOf(StorageCorruptException.class)
                .hasMessageContaining("CURRENT is missing");
    }

    @Test
    void aMissingOrShortTableIsRefusedAtOpen() throws Exception {
        for (Path table : Directories.filesEndingWith(db, ".sst")) {
            byte[] sound = Files.readAllBytes(table);
            Files.delete(table);
            assertThatThrownBy(() -> RocksBackend.open(db, StorageConfig.defaults()))
                    .isInstanceOf(StorageCorruptException.class)
                    .hasMessageContaining(table.getFileName().toString());
            Files.write(table, Arrays.copyOf(sound, sound.length - 1));

            assertThatThrownBy(() -> RocksBackend.open(db, StorageConfig.defaults()))
                    .isInstanceOf(StorageCorruptException.class)
                    .hasMessageContaining(table.getFileName().toString());
            Files.write(table, sound);
        }
    }

    @Test
    void aStoreThatIsOpenElsewhereIsRefused() {
        try (RocksBackend open = RocksBackend.open(db, StorageConfig.defaults())) {
            assertThatThrownBy(() -> RocksBackend.open(db, StorageConfig.defaults()))
                    .isInstanceOf(StorageException.class)
                    .hasMessageContaining(db.toString());
            readAll(open);
        }
    }
}
