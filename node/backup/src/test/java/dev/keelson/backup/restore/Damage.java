package dev.keelson.backup.restore;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/** Does to a copy of a store's directory what disks, bad programs and bad people do; which of it, a seed says. */
final class Damage {

    private Damage() {}

    /** Copies a directory and damages the copy; returns what was done to which object. */
    static String make(Path from, Path to, Random random) throws IOException {
        delete(to);
        List<Path> files = files(from);
        for (Path file : files) {
            Path copy = to.resolve(from.relativize(file));
            Files.createDirectories(java.util.Objects.requireNonNull(copy.getParent()));
            Files.copy(file, copy);
        }
        List<Path> copies = files(to);
        Path victim = copies.get(random.nextInt(copies.size()));
        byte[] bytes = Files.readAllBytes(victim);
        switch (random.nextInt(6)) {
            case 0 -> {
                bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
                Files.write(victim, bytes);
                return "a bit of " + victim;
            }
            case 1 -> {
                Files.write(victim, Arrays.copyOf(bytes, random.nextInt(bytes.length)));
                return "the end of " + victim;
            }
            case 2 -> {
                Files.write(victim, Arrays.copyOf(bytes, bytes.length + 1 + random.nextInt(100)));
                return "more behind " + victim;
            }
            case 3 -> {
                Files.delete(victim);
                return "no " + victim;
            }
            case 4 -> {
                Path other = copies.get((copies.indexOf(victim) + 1) % copies.size());
                Files.copy(other, victim, StandardCopyOption.REPLACE_EXISTING);
                return other + " in the place of " + victim;
            }
            default -> {
                int from0 = random.nextInt(bytes.length);
                Arrays.fill(bytes, from0, Math.min(bytes.length, from0 + 512), (byte) (bytes[from0] + 1));
                Files.write(victim, bytes);
                return "a sector of " + victim;
            }
        }
    }

    private static List<Path> files(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(Files::isRegularFile).sorted().toList();
        }
    }

    private static void delete(Path directory) throws IOException {
        if (Files.exists(directory)) {
            try (Stream<Path> files = Files.walk(directory)) {
                for (Path file :
                        files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }
}
