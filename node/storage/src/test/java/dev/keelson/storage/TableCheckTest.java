package dev.keelson.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keelson.mvcc.backend.Family;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TableCheckTest {

    @TempDir
    private Path temporary;

    private Path db;

    @BeforeEach
    void fill() {
        db = temporary.resolve("db");
        try (RocksBackend backend = RocksBackend.open(db, StorageConfig.defaults())) {
            backend.write(batch -> {
                for (byte i = 0; i < 100; i++) {
                    batch.put(Family.KEYS, new byte[] {i}, new byte[1000]);
                }
            });
        }
    }

    @Test
    void aSoundStorePassesWithWhatACrashLeftBesideIt() throws IOException {
        Files.createFile(db.resolve("999999.sst"));
        try (RocksBackend backend = RocksBackend.open(db, StorageConfig.defaults())) {
            backend.write(batch -> batch.put(Family.KEYS, new byte[] {1}, new byte[1]));

            assertThat(backend.tables()).isNotEmpty();
            assertThatCode(() -> TableCheck.run(backend.tables(), () -> false)).doesNotThrowAnyException();
        }
    }

    @Test
    void aDamagedTableIsNamed() throws IOException {
        Path table = damageLargestTable();

        assertThatThrownBy(() -> TableCheck.run(List.of(table), () -> false))
                .isInstanceOf(StorageCorruptException.class)
                .hasMessageContaining(table.getFileName().toString());
    }

    @Test
    void aTableThatIsGoneByThenIsPassedOver() {
        assertThatCode(() -> TableCheck.run(List.of(db.resolve("000001.sst")), () -> false))
                .doesNotThrowAnyException();
    }

    @Test
    void aStopEndsItBeforeTheNextTable() throws IOException {
        Path table = damageLargestTable();

        assertThatCode(() -> TableCheck.run(List.of(table), () -> true)).doesNotThrowAnyException();
    }

    private Path damageLargestTable() throws IOException {
        Path table;
        try (Stream<Path> files = Files.list(db)) {
            table = files.filter(file -> file.toString().endsWith(".sst"))
                    .max(Comparator.comparingLong(file -> file.toFile().length()))
                    .orElseThrow();
        }
        byte[] bytes = Files.readAllBytes(table);
        bytes[20] ^= 1;
        Files.write(table, bytes);
        return table;
    }
}
