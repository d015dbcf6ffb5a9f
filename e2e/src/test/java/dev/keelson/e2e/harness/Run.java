package dev.keelson.e2e.harness;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Runs a command to its end. */
public final class Run {

    private static final long SECONDS_MAX = 600;

    private final List<String> words;
    private final Map<String, String> environment = new LinkedHashMap<>();
    private String input = "";
    private @Nullable Path directory;

    private Run(List<String> words) {
        this.words = words;
    }

    /** What a command printed, both streams together, and how it ended. */
    public record Result(int exitCode, String output) {}

    public static Run command(String... words) {
        return new Run(List.of(words));
    }

    public static Run command(List<String> words) {
        return new Run(List.copyOf(words));
    }

    public Run with(String variable, String value) {
        environment.put(variable, value);
        return this;
    }

    public Run reading(String text) {
        input = text;
        return this;
    }

    public Run in(Path where) {
        directory = where;
        return this;
    }

    public boolean succeeds() {
        try {
            return result().exitCode() == 0;
        } catch (IllegalStateException notThere) {
            return false;
        }
    }

    /** Its output; fails with it when the command does. */
    public String mustSucceed() {
        Result result = result();
        if (result.exitCode() != 0) {
            throw new IllegalStateException(words + " failed: " + result.output());
        }
        return result.output();
    }

    public Result result() {
        try {
            var builder = new ProcessBuilder(words).redirectErrorStream(true);
            builder.environment().putAll(environment);
            if (directory != null) {
                builder.directory(directory.toFile());
            }
            Process process = builder.start();
            try (var in = process.getOutputStream()) {
                in.write(input.getBytes(StandardCharsets.UTF_8));
            } catch (IOException closed) {
                // A command that does not read its input has closed it.
                assert closed != null;
            }
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(SECONDS_MAX, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IllegalStateException(words + " did not end within " + SECONDS_MAX + " s");
            }
            return new Result(process.exitValue(), output);
        } catch (IOException failure) {
            throw new IllegalStateException("cannot run " + words, failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }
}
