package dev.keelson.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoreDirectoryTest {

    private static final Identity IDENTITY = new Identity(0xcdf818194e3a8c32L, 0x8e9e05c52164694dL, -5);

    @TempDir
    private Path temporary;

    private Path data;

    @BeforeEach
    void choose() {
        data = temporary.resolve("new/data");
    }

    private void initialize() {
        try (StoreDirectory directory = StoreDirectory.open(data)) {
            directory.initialize(IDENTITY);
        }
    }

    private static Path store(Path directory, String content) throws Exception {
        Files.createDirectories(directory);
        Files.writeString(directory.resolve("CURRENT"), content);
        return directory;
    }

    private static String content(StoreDirectory directory) throws Exception {
        return Files.readString(directory.db().resolve("CURRENT"));
    }

    @Test
    void aNewDirectoryHasNoIdentityAndIsItsOwnersOnly() throws Exception {
        try (StoreDirectory directory = StoreDirectory.open(data)) {
            assertThat(directory.identity()).isNull();
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(data)))
                    .isEqualTo("rwx------");
        }
    }

    @Test
    void theIdentityComesBack() {
        initialize();

        try (StoreDirectory directory = StoreDirectory.open(data)) {
            assertThat(directory.identity()).isEqualTo(IDENTITY);
            assertThatThrownBy(() -> directory.initialize(IDENTITY)).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void aSecondOpeningIsRefusedAndNamesThePath() {
        try (StoreDirectory first = StoreDirectory.open(data)) {
            assertThatThrownBy(() -> StoreDirectory.open(data))
                    .isInstanceOf(StorageException.class)
                    .hasMessageContaining(data.toString())
                    .hasMessageContaining("in use by another process");
            assertThat(first.identity()).isNull();
        }
        StoreDirectory.open(data).close();
    }

    @Test
    void anotherProcessIsKeptOut() throws Exception {
        try (StoreDirectory directory = StoreDirectory.open(data)) {
            assertThat(directory.identity()).isNull();
            var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
            var other = new ProcessBuilder(
                            java, "-cp", System.getProperty("java.class.path"), Opener.class.getName(), data.toString())
                    .redirectErrorStream(true)
                    .start();
            String output = new String(other.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

            assertThat(other.waitFor()).isEqualTo(1);
            assertThat(output).contains("in use by another process").contains(data.toString());
        }
    }

    /** Opens a directory in a process of its own. */
    static final class Opener {
        private Opener() {}

        public static void main(String[] arguments) {
            StoreDirectory.open(Path.of(arguments[0])).close();
        }
    }

    @Test
    void everyFlippedBitOfTheIdentityIsRefusedByName() throws Exception {
        initialize();
        Path identity = data.resolve("identity");
        byte[] sound = Files.readAllBytes(identity);
        for (int bit = 0; bit < 8 * sound.length; bit++) {
            Directories.flip(identity, bit);

            assertThatThrownBy(() -> StoreDirectory.open(data))
                    .isInstanceOf(StorageCorruptException.class)
                    .hasMessageContaining(identity.toString());

            Files.write(identity, sound);
        }
        for (int length = 0; length < sound.length; length++) {
            Files.write(identity, Arrays.copyOf(sound, length));
            assertThatThrownBy(() -> StoreDirectory.open(data)).isInstanceOf(StorageCorruptException.class);
        }
    }

    @Test
    void anIdentityOfANewerFormatIsRefused() throws Exception {
        initialize();
        new ChecksummedFile(data.resolve("identity")).write(List.of("keelson data directory", "format 2", "more"));

        assertThatThrownBy(() -> StoreDirectory.open(data))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("format 2");
    }

    @Test
    void aForeignDirectoryIsRefused() throws Exception {
        Files.createDirectories(data.resolve("member/snap"));

        assertThatThrownBy(() -> StoreDirectory.open(data))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("holds 'member' and is not a member's");
    }

    @Test
    void dataWithoutAnIdentityIsRefused() throws Exception {
        initialize();
        Files.createDirectories(data.resolve("wal"));
        Files.delete(data.resolve("identity"));

        assertThatThrownBy(() -> StoreDirectory.open(data))
                .isInstanceOf(StorageCorruptException.class)
                .hasMessageContaining("identity is missing");
    }

    @Test
    void aFreshVolumeAndAFirstStartThatWasCutShortAreFine() throws Exception {
        Files.createDirectories(data.resolve("lost+found"));
        Files.writeString(data.resolve("identity.tmp"), "half");

        initialize();

        assertThat(Directories.files(data)).doesNotContain(data.resolve("identity.tmp"));
    }

    @Test
    void aFileInPlaceOfTheDirectoryIsRefused() throws Exception {
        Files.writeString(temporary.resolve("new"), "a file");

        assertThatThrownBy(() -> StoreDirectory.open(data))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining(data.toString());
    }

    @Test
    void peersAreRemembered() {
        try (StoreDirectory directory = StoreDirectory.open(data)) {
            directory.initialize(IDENTITY);
            assertThat(directory.incarnationOf(7)).isNull();
            directory.rememberPeer(7, 70);
            directory.rememberPeer(-8, Long.MIN_VALUE);
            directory.rememberPeer(7, 71);
        }

        try (StoreDirectory directory = StoreDirectory.open(data)) {
            assertThat(directory.incarnationOf(7)).isEqualTo(71);
            assertThat(directory.incarnationOf(-8)).isEqualTo(Long.MIN_VALUE);
            assertThat(directory.incarnationOf(9)).isNull();
        }
    }

    @Test
    void aDamagedPeersFileIsRefusedByName() throws Exception {
        initialize();
        try (StoreDirectory directory = StoreDirectory.open(data)) {
            directory.rememberPeer(7, 70);
        }
        Directories.flip(data.resolve("peers"), 10);

        assertThatThrownBy(() -> StoreDirectory.open(data))
                .isInstanceOf(StorageCorruptException.class)
                .hasMessageContaining(data.resolve("peers").toString());
    }

    @Test
    void anInstalledSnapshotTakesTheStoresPlace() throws Exception {
        initialize();
        try (StoreDirectory directory = StoreDirectory.open(data)) {
            store(directory.db(), "old");

            directory.install(store(directory.newIncoming(), "new"));

            assertThat(content(directory)).isEqualTo("new");
            assertThat(Directories.files(data))
                    .doesNotContain(data.resolve("db.old"))
                    .doesNotContain(data.resolve("db.next"));
        }
    }

    @Test
    void aSnapshotMayComeBeforeAnyStore() throws Exception {
        initialize();
        try (StoreDirectory directory = StoreDirectory.open(data)) {
            directory.install(store(directory.newIncoming(), "new"));

            assertThat(content(directory)).isEqualTo("new");
        }
    }

    /** Each state that a crash in the middle of an install can leave, see the comment in {@link StoreDirectory}. */
    @Test
    void anInstallCutShortIsFinishedOrUndone() throws Exception {
        record Crash(List<String> old, List<String> fresh, String expected) {}
        var crashes = List.of(
                new Crash(List.of("db"), List.of("incoming/1"), "old"),
                new Crash(List.of("db"), List.of("db.next"), "new"),
                new Crash(List.of("db.old"), List.of("db.next"), "new"),
                new Crash(List.of("db.old"), List.of("db"), "new"),
                new Crash(List.of("db", "db.old"), List.of("db.next"), "new"),
                new Crash(List.of(), List.of("db.next"), "new"));
        for (int i = 0; i < crashes.size(); i++) {
            data = temporary.resolve("data" + i);
            initialize();
            for (String name : crashes.get(i).old()) {
                store(data.resolve(name), "old");
            }
            for (String name : crashes.get(i).fresh()) {
                store(data.resolve(name), "new");
            }

            try (StoreDirectory directory = StoreDirectory.open(data)) {
                assertThat(content(directory))
                        .as("%s", crashes.get(i))
                        .isEqualTo(crashes.get(i).expected());
                assertThat(Directories.files(data).stream()
                                .map(file -> file.getFileName().toString()))
                        .containsExactly("LOCK", "db", "identity");
            }
        }
    }

    @Test
    void whatWasOnItsWayIsClearedAtTheNextOpen() throws Exception {
        initialize();
        try (StoreDirectory directory = StoreDirectory.open(data)) {
            store(directory.newIncoming(), "half");
            store(directory.newCheckpoint(), "sent");
        }

        try (StoreDirectory directory = StoreDirectory.open(data)) {
            assertThat(directory.newIncoming()).doesNotExist();
            assertThat(data.resolve("outgoing")).doesNotExist();
        }
    }
}
