package dev.keelson.e2e.harness;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Clients of other languages, installed by name from where their package managers get them into {@code target}, once
 * for each list of packages. Tests are skipped, and say so, where the language is missing.
 */
public final class Installed {

    private static final Path MODULE = Path.of("").toAbsolutePath();
    private static final String DONE = "installed";

    private final List<String> command;
    private final Path directory;

    private Installed(List<String> command, Path directory) {
        this.command = command;
        this.directory = directory;
    }

    /** The tests of {@code clients/node} with the packages that its package.json names. */
    public static Installed node() {
        assumeThere("node");
        assumeThere("npm");
        Path place = fresh("node");
        copy(MODULE.resolve("clients/node"), place);
        once(
                place,
                place.resolve("package.json"),
                List.of("npm", "install", "--no-audit", "--no-fund", "--no-package-lock"));
        return new Installed(List.of("npm", "test", "--silent"), place);
    }

    /** One test of {@code clients/python} with the packages that a list beside it names. */
    public static Installed python(String test, String packages) {
        assumeThere("python3");
        Path place = fresh("python-" + packages);
        Path sources = MODULE.resolve("clients/python");
        String python = place.resolve("bin/python").toString();
        if (!Files.exists(place.resolve("bin/pip"))) {
            Run.command("python3", "-m", "venv", place.toString()).mustSucceed();
        }
        Path list = sources.resolve(packages + ".txt");
        once(place, list, List.of(python, "-m", "pip", "install", "--quiet", "--requirement", list.toString()));
        return new Installed(List.of(python, "-B", "-m", "unittest", "-v", test), sources);
    }

    /** Runs the tests against the members; fails with what they print. */
    public String testAgainst(Cluster cluster) {
        return Run.command(new ArrayList<>(command))
                .with("ENDPOINTS", cluster.endpoints())
                .in(directory)
                .mustSucceed();
    }

    private static void assumeThere(String program) {
        boolean there = Run.command(program, "--version").succeeds();
        if (!there) {
            System.err.println("skipped: no " + program + " on PATH");
        }
        assumeTrue(there, "no " + program + " on PATH");
    }

    private static Path fresh(String name) {
        try {
            return Files.createDirectories(MODULE.resolve("target/clients").resolve(name));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static void copy(Path from, Path to) {
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.copy(file, to.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Installs unless that was done for the very same list. */
    private static void once(Path place, Path list, List<String> install) {
        Path done = place.resolve(DONE);
        try {
            String wanted = Files.readString(list);
            if (Files.exists(done) && Files.readString(done).equals(wanted)) {
                return;
            }
            Run.command(install).in(place).mustSucceed();
            Files.writeString(done, wanted);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
