package dev.keelson.e2e.harness;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * etcd's {@code tests/common} and {@code tests/e2e}, built for processes and pointed at any program that behaves like
 * etcd.
 */
public final class CommonSuite {

    private static final String MODULE = "go.etcd.io/etcd/tests/v3";

    private final Path programs;
    private final Path packages;

    private CommonSuite(Path programs, Path packages) {
        this.programs = programs;
        this.packages = packages;
    }

    /** How many of the selected tests passed, the lines that name those which failed, and all that was printed. */
    public record Verdict(long passed, List<String> failed, String output) {}

    public static List<String> patterns() {
        return Resource.lines("common-suite.tests");
    }

    /** Puts the server where the tests look for etcd; they read their fixtures from their own sources. */
    public static CommonSuite against(Path server) {
        Path programs = Tools.workDirectory("common-suite");
        try {
            Files.createSymbolicLink(programs.resolve("etcd"), server);
            for (String client : List.of("etcdctl", "etcdutl")) {
                Files.createSymbolicLink(programs.resolve(client), Tools.go(client));
            }
        } catch (IOException failure) {
            throw new IllegalStateException(failure);
        }
        return new CommonSuite(programs, Tools.moduleFolder(MODULE));
    }

    /** A package and one of {@code -test.run}'s patterns, each of its names whole but the last. */
    public Verdict run(String packageAndPattern) {
        String[] words = packageAndPattern.split(" ", 2);
        String pattern = words[1];
        Run.Result result = Run.command(
                        Tools.go(words[0] + ".test").toString(),
                        "-test.v",
                        "-test.timeout=9m",
                        "-test.run=^" + pattern.replaceFirst("(/|$)", "\\$$1"),
                        "--bin-dir=" + programs)
                .with("E2E_TEST_MINIMAL", "true")
                .in(packages.resolve(words[0]))
                .result();
        List<String> verdicts = result.output()
                .lines()
                .map(String::strip)
                .filter(line -> line.startsWith("--- "))
                .toList();
        List<String> failed =
                verdicts.stream().filter(line -> line.startsWith("--- FAIL")).toList();
        if (failed.isEmpty() && result.exitCode() != 0) {
            failed = List.of("exit code " + result.exitCode());
        }
        return new Verdict(
                verdicts.stream().filter(line -> line.startsWith("--- PASS")).count(), failed, result.output());
    }
}
