package dev.keelson.backup.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keelson.backup.store.BackupStore.StoredObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectoryStoreTest extends StoreConformance {

    @TempDir
    Path directory;

    @Override
    protected BackupStore open() {
        return new DirectoryStore(directory.resolve("store"));
    }

    @Test
    void aDirectoryBehindALinkIsListed() throws IOException {
        Path volume = Files.createDirectory(directory.resolve("volume"));
        Path link = Files.createSymbolicLink(directory.resolve("link"), volume);
        try (BackupStore store = new DirectoryStore(link)) {
            store.put("a/b", out -> out.write(1));
            assertThat(store.list("")).extracting(StoredObject::name).containsExactly("a/b");
        }
    }

    @Test
    void whatInterruptedPutsLeftGoesAfterADay() throws IOException {
        Path unfinished = Files.createDirectories(directory.resolve("store/.unfinished"));
        Path old = Files.writeString(unfinished.resolve("old"), "half");
        Files.setLastModifiedTime(old, FileTime.from(Instant.now().minusSeconds(100_000)));
        Files.writeString(unfinished.resolve("young"), "half");
        try (BackupStore store = open()) {
            store.put("whole", out -> out.write(1));
            assertThat(store.list("")).hasSize(1);
        }
        try (Stream<Path> left = Files.list(unfinished)) {
            assertThat(left).extracting(path -> path.getFileName().toString()).containsExactly("young");
        }
    }
}
