package dev.keelson.storage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keelson.mvcc.backend.Family;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.RocksDB;
import org.rocksdb.util.Environment;

/** The library is loaded once a process, so each case is a process of its own. */
class NativeLibraryTest {

    @TempDir
    private Path temporary;

    /** Opens a store and says where the library came from. */
    static final class Opener {
        private Opener() {}

        public static void main(String[] arguments) throws Exception {
            try (RocksBackend backend = RocksBackend.open(Path.of(arguments[0]), StorageConfig.defaults())) {
                backend.write(batch -> batch.put(Family.META, new byte[1], new byte[1]));
                Files.readAllLines(Path.of("/proc/self/maps")).stream()
                        .filter(line -> line.contains("rocksdbjni"))
                        .map(line -> line.substring(line.indexOf('/')))
                        .distinct()
                        .forEach(System.out::println);
            }
        }
    }

    private String open(Path nativeDirectory) throws Exception {
        var process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-Djava.library.path=" + nativeDirectory,
                        "-cp",
                        System.getProperty("java.class.path"),
                        Opener.class.getName(),
                        temporary.resolve("db").toString())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output;
    }

    @Test
    void anUnpackedLibraryIsUsedFromItsDirectory() throws Exception {
        Path directory = Files.createDirectories(temporary.resolve("native"));
        String name = Environment.getJniLibraryFileName("rocksdb");
        try (InputStream packed =
                Objects.requireNonNull(RocksDB.class.getClassLoader().getResourceAsStream(name))) {
            Files.copy(packed, directory.resolve(name));
        }

        assertThat(open(directory)).contains(directory.toString());
    }

    @Test
    void withoutAnUnpackedLibraryTheJarsOwnIsUnpacked() throws Exception {
        assertThat(open(temporary.resolve("empty"))).contains("librocksdbjni").doesNotContain("empty");
    }
}
