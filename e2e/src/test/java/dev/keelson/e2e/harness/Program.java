package dev.keelson.e2e.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A program of a user that runs beside the members until it is ended; what it prints can be read meanwhile. */
public final class Program {

    private final Path output;
    private final Process process;

    private Program(Path output, Process process) {
        this.output = output;
        this.process = process;
    }

    /** Its output goes into a file of that name beside the cluster's logs. */
    public static Program start(Cluster cluster, String name, List<String> command) {
        return start(cluster.directory().resolve(name + ".out"), Map.of(), command);
    }

    /** Its output goes into that file. */
    public static Program start(Path output, Map<String, String> environment, List<String> command) {
        try {
            var builder = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()));
            builder.environment().putAll(environment);
            return new Program(output, builder.start());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** A recipe in one Java file, started as its users start it, with jetcd on the class path. */
    public static Program java(Cluster cluster, String name, String recipe, String... arguments) {
        var command = new ArrayList<>(List.of(
                ProcessHandle.current().info().command().orElse("java"),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xmx128m",
                "--class-path",
                System.getProperty("java.class.path"),
                Path.of("recipes/java", recipe + ".java").toAbsolutePath().toString()));
        command.addAll(List.of(arguments));
        return start(cluster, name, command);
    }

    /** Whole lines that begin so, without it. */
    public List<String> lines(String beginning) {
        try {
            String text = Files.readString(output);
            return text.substring(0, text.lastIndexOf('\n') + 1)
                    .lines()
                    .filter(line -> line.startsWith(beginning))
                    .map(line -> line.substring(beginning.length()))
                    .toList();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    public void awaitLine(String line, Duration atMost) {
        Await.until(line + ", see " + output, atMost, () -> lines("").contains(line));
    }

    /** Waits for its end, which must be a good one. */
    public void awaitSuccess(Duration atMost) {
        Await.until("the end of " + output, atMost, () -> !process.isAlive());
        if (process.exitValue() != 0) {
            throw new AssertionError("ended with " + process.exitValue() + ": " + lines("") + ", see " + output);
        }
    }

    /** Fails with what it has printed when it has ended. */
    public void mustRun() {
        if (!process.isAlive()) {
            throw new AssertionError("ended with " + process.exitValue() + ": " + lines("") + ", see " + output);
        }
    }

    /** Asks it to end. */
    public void terminate() {
        process.destroy();
    }

    /** Kills it, with what it has started itself, and waits until it is gone. */
    public void end() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        process.onExit().join();
    }
}
