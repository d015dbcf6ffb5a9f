package dev.keelson.e2e.harness;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Where the programs under test and the programs to test with are. */
public final class Tools {

    private static final Path MODULE = Path.of("").toAbsolutePath();
    private static final Path BIN = MODULE.resolve("tools/bin");

    private static boolean built;

    private Tools() {}

    /** The server under test: Keelson, or with {@code -De2e.server=etcd} the real etcd, to try the tests themselves. */
    public static Path server() {
        return System.getProperty("e2e.server", "keelson").equals("etcd") ? go("etcd") : keelson();
    }

    public static Path keelson() {
        return MODULE.resolve("../node/bin/keelson").normalize();
    }

    /** A program built from Go modules; the test is skipped where there is no Go. */
    public static Path go(String name) {
        build();
        return BIN.resolve(name);
    }

    /** Where Go keeps the sources of a module that {@code tools/go.mod} names. */
    public static Path moduleFolder(String module) {
        build();
        return Path.of(Run.command("go", "list", "-m", "-f", "{{.Dir}}", module)
                .in(MODULE.resolve("tools"))
                .result()
                .output()
                .strip());
    }

    private static synchronized void build() {
        if (built) {
            return;
        }
        boolean goIsThere = Run.command("go", "version").succeeds();
        if (!goIsThere) {
            System.err.println("skipped: no Go on PATH, which brings etcd and its tools");
        }
        assumeTrue(goIsThere, "no Go on PATH, which brings etcd and its tools");
        Run.Result result =
                Run.command(MODULE.resolve("tools/build").toString()).result();
        if (result.exitCode() != 0) {
            throw new IllegalStateException("e2e/tools/build failed: " + result.output());
        }
        built = true;
    }

    /** A fresh directory for one test, kept for a look at it afterwards. */
    public static Path workDirectory(String test) {
        try {
            Path parent = Files.createDirectories(MODULE.resolve("target/e2e"));
            return Files.createTempDirectory(parent, test + "-");
        } catch (IOException failure) {
            throw new IllegalStateException(failure);
        }
    }
}
