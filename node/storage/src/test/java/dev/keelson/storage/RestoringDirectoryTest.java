package dev.keelson.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RestoringDirectoryTest {

    private static final Identity OWNER = new Identity(1, 2, 3);

    @TempDir
    Path parent;

    private Path data = Path.of("");

    @BeforeEach
    void nameIt() {
        data = parent.resolve("data");
    }

    private static void make(RestoringDirectory directory) throws IOException {
        Files.createDirectories(directory.wal());
        Files.createDirectories(directory.db());
        Files.writeString(directory.db().resolve("row"), "value");
    }

    @Test
    void aCompleteOneIsAMembers() throws IOException {
        try (var directory = RestoringDirectory.begin(data)) {
            make(directory);
            directory.complete(OWNER);
        }

        try (var opened = StoreDirectory.open(data)) {
            assertThat(opened.identity()).isEqualTo(OWNER);
            assertThat(opened.db().resolve("row")).hasContent("value");
        }
        assertThat(Directories.files(data)).extracting(Path::getFileName).doesNotContain(Path.of("restoring"));
    }

    @Test
    void oneThatWasGivenUpLeavesNothing() throws IOException {
        try (var directory = RestoringDirectory.begin(data)) {
            make(directory);
        }

        assertThat(Directories.files(data)).extracting(Path::getFileName).containsExactly(Path.of("LOCK"));
    }

    @Test
    void whatACrashLeavesIsNoMembersAndTheNextRestoreClearsIt() throws IOException {
        Files.createDirectories(data.resolve("restoring/db"));
        assertThatThrownBy(() -> StoreDirectory.open(data)).hasMessageContaining("not a member's");
        Files.createDirectories(data.resolve("db"));
        Files.createDirectories(data.resolve("wal"));
        Files.writeString(data.resolve("db/half"), "");
        assertThatThrownBy(() -> StoreDirectory.open(data)).isInstanceOf(StorageCorruptException.class);

        try (var directory = RestoringDirectory.begin(data)) {
            make(directory);
            directory.complete(OWNER);
        }
        assertThat(data.resolve("db/half")).doesNotExist();
    }

    @Test
    void anotherMembersDataStays() throws IOException {
        try (var member = StoreDirectory.open(data)) {
            member.initialize(OWNER);
        }
        Files.createDirectories(data.resolve("restoring"));

        assertThatThrownBy(() -> RestoringDirectory.begin(data)).hasMessageContaining("not empty");
        assertThat(data.resolve("identity")).exists();
    }
}
