package dev.keelson.log.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NioFileSystemTest {

    @TempDir
    private Path temporary;

    private final FileSystem files = new NioFileSystem();

    @Test
    void bytesAreWrittenAndReadAtTheirPositions() throws IOException {
        try (File file = files.create(temporary.resolve("a"))) {
            file.write(ByteBuffer.wrap(new byte[] {1, 2, 3}), 5);
            file.sync();
            var target = ByteBuffer.allocate(10);

            int count = file.read(target, 4);

            assertThat(count).isEqualTo(4);
            assertThat(target.flip()).isEqualTo(ByteBuffer.wrap(new byte[] {0, 1, 2, 3}));
            assertThat(file.read(ByteBuffer.allocate(1), 8)).isZero();
        }
    }

    @Test
    void preallocatedSpaceIsZerosBehindWhatWasWritten() throws IOException {
        Path path = temporary.resolve("a");
        try (File file = files.create(path)) {
            file.write(ByteBuffer.wrap(new byte[] {7}), 0);

            file.preallocate(600_000);
            file.preallocate(10);

            assertThat(file.size()).isEqualTo(600_000);
        }
        byte[] bytes = Files.readAllBytes(path);
        assertThat(bytes[0]).isEqualTo((byte) 7);
        bytes[0] = 0;
        assertThat(bytes).containsOnly(0);
    }

    @Test
    void namesAreCreatedRenamedListedAndDeleted() throws IOException {
        Path directory = temporary.resolve("x/y");
        files.createDirectories(directory);
        files.create(directory.resolve("b")).close();
        files.create(directory.resolve("a")).close();
        assertThatThrownBy(() -> files.create(directory.resolve("a"))).isInstanceOf(FileAlreadyExistsException.class);
        assertThatThrownBy(() -> files.open(directory.resolve("c"))).isInstanceOf(NoSuchFileException.class);

        files.rename(directory.resolve("b"), directory.resolve("a"));
        files.syncDirectory(directory);

        assertThat(files.list(directory)).containsExactly("a");
        files.delete(directory.resolve("a"));
        assertThat(files.exists(directory.resolve("a"))).isFalse();
    }

    /** Whatever goes past the port is not seen by a simulated disk. */
    @Test
    void nothingElseInThisModuleTouchesFiles() throws IOException {
        Path sources = Path.of("src/main/java");
        try (Stream<Path> all = Files.walk(sources)) {
            for (Path source :
                    all.filter(path -> path.toString().endsWith(".java")).toList()) {
                if (!source.endsWith("NioFileSystem.java")) {
                    assertThat(Files.readString(source))
                            .as(source.toString())
                            .doesNotContain("java.nio.channels", "java.nio.file.Files", "java.io.File;", "Random")
                            .doesNotContain("currentTimeMillis", "nanoTime", "java.time", "new Thread");
                }
            }
        }
    }
}
