package dev.keelson.storage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** What tests do with directories. */
final class Directories {

    private Directories() {}

    /**
     * Copies a store as it lies there, as a killed process would leave it. What names the tables goes first: a flush
     * that ends meanwhile may add tables that nothing in the copy names, but none may be named and missing.
     */
    static Path copy(Path from, Path to) throws IOException {
        Files.createDirectories(to);
        copyFiles(from, to, true);
        copyFiles(from, to, false);
        return to;
    }

    private static void copyFiles(Path from, Path to, boolean naming) throws IOException {
        for (Path file : files(from)) {
            String name = file.getFileName().toString();
            boolean names = name.startsWith("MANIFEST") || name.equals("CURRENT");
            if (names == naming && Files.isRegularFile(file)) {
                Files.copy(file, to.resolve(name));
            }
        }
    }

    static List<Path> files(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.sorted().toList();
        }
    }

    static List<Path> filesEndingWith(Path directory, String suffix) throws IOException {
        return files(directory).stream()
                .filter(file -> file.toString().endsWith(suffix))
                .toList();
    }

    static Path fileStartingWith(Path directory, String prefix) throws IOException {
        return files(directory).stream()
                .filter(file -> file.getFileName().toString().startsWith(prefix))
                .findFirst()
                .orElseThrow();
    }

    /** Flips one bit of a file. */
    static void flip(Path file, long bit) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        bytes[(int) (bit / 8)] ^= (byte) (1 << bit % 8);
        Files.write(file, bytes);
    }
}
