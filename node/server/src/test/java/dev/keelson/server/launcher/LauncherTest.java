package dev.keelson.server.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The launcher in a tree of its own, with a java that only says how it was called. */
final class LauncherTest {

    private static final Path LAUNCHER = Path.of("..", "bin", "keelson");

    @TempDir
    Path folder;

    private Path launcher = Path.of("");
    private Path target = Path.of("");

    @BeforeEach
    void buildTree() throws IOException {
        launcher = Files.createDirectories(folder.resolve("tree/node/bin")).resolve("keelson");
        Files.copy(LAUNCHER, launcher, StandardCopyOption.COPY_ATTRIBUTES);
        target = Files.createDirectories(folder.resolve("tree/node/server/target"));
        Files.createFile(target.resolve("keelson-server-1-runner.jar"));
        script(folder.resolve("jdk/bin/java"), "echo \"pid $$ locale ${LC_ALL:-}\"; for word; do echo \"$word\"; done");
        Files.writeString(folder.resolve("jdk/release"), "JAVA_VERSION=\"25.0.1\"\n");
    }

    private static void script(Path file, String body) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, "#!/bin/sh\n" + body + "\n");
        assertThat(file.toFile().setExecutable(true)).isTrue();
    }

    /** What a process wrote, and what became of it. */
    private record Outcome(int exitCode, long pid, List<String> lines) {}

    private Outcome run(Map<String, String> environment, Path program, String... words)
            throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of(program.toString()));
        command.addAll(List.of(words));
        var builder = new ProcessBuilder(command).redirectErrorStream(true).directory(folder.toFile());
        builder.environment().clear();
        builder.environment().putAll(environment);
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Outcome(process.waitFor(), process.pid(), output.lines().toList());
    }

    private Map<String, String> withJdk() {
        return Map.of("KEELSON_JAVA_HOME", folder.resolve("jdk").toString());
    }

    @Test
    void throughALinkItBecomesJavaAndHandsItsWordsOnUnchanged() throws Exception {
        Path link = Files.createSymbolicLink(folder.resolve("etcd"), launcher);

        Outcome outcome = run(withJdk(), link, "--name", "a b", "--data-dir=");

        assertThat(outcome.exitCode()).isZero();
        assertThat(outcome.lines().getFirst()).startsWith("pid " + outcome.pid() + " ");
        assertThat(outcome.lines()).endsWith("--name", "a b", "--data-dir=");
        assertThat(outcome.lines()).containsSequence("-jar", target.toRealPath() + "/keelson-server-1-runner.jar");
    }

    @Test
    void aLinkToALinkByARelativePathIsFollowed() throws Exception {
        Path first = Files.createSymbolicLink(folder.resolve("tree/first"), Path.of("node/bin/keelson"));
        Path second = Files.createSymbolicLink(folder.resolve("second"), folder.relativize(first));

        assertThat(run(withJdk(), second, "--name", "x").lines()).endsWith("--name", "x");
    }

    @Test
    void withoutALocaleWordsAreReadAsUtf8() throws Exception {
        assertThat(run(withJdk(), launcher).lines().getFirst()).endsWith("locale C.UTF-8");
    }

    @Test
    void withoutACacheItStartsAllTheSameAndWithOneItUsesIt() throws Exception {
        assertThat(run(withJdk(), launcher).lines()).contains("-Xshare:auto");

        Files.createFile(target.resolve("keelson.aot"));

        assertThat(run(withJdk(), launcher).lines()).contains("-XX:AOTCache=" + target.toRealPath() + "/keelson.aot");
    }

    @Test
    void aShortCommandGetsLittleMemory() throws Exception {
        assertThat(run(withJdk(), launcher, "--endpoints=x", "get", "a").lines())
                .contains("-Xmx256m");
        assertThat(run(withJdk(), launcher, "lock", "a").lines()).contains("-Xmx256m");
        assertThat(run(withJdk(), launcher, "--name", "get").lines()).doesNotContain("-Xmx256m");
    }

    @Test
    void javaIsFoundOnThePath() throws Exception {
        Path bin = folder.resolve("jdk/bin");

        Outcome outcome = run(Map.of("PATH", bin + ":/usr/bin:/bin"), launcher, "--name", "x");

        assertThat(outcome.lines()).endsWith("--name", "x");
    }

    @Test
    void anotherJavaIsPassedOver() throws Exception {
        script(folder.resolve("old/bin/java"), "echo old");
        Files.writeString(folder.resolve("old/release"), "JAVA_VERSION=\"21.0.25\"\n");

        Outcome outcome = run(
                Map.of(
                        "KEELSON_JAVA_HOME",
                        folder.resolve("old").toString(),
                        "JAVA_HOME",
                        folder.resolve("jdk").toString()),
                launcher,
                "--name",
                "x");

        assertThat(outcome.lines()).endsWith("--name", "x");
    }

    @Test
    void whatIsNotBuiltYetIsBuiltFirst() throws Exception {
        Files.delete(target.resolve("keelson-server-1-runner.jar"));
        script(folder.resolve("tree/mvnw"), "touch node/server/target/keelson-server-2-runner.jar; echo \"built: $*\"");

        Outcome outcome = run(withJdk(), launcher, "--name", "x");

        assertThat(outcome.lines().getFirst()).startsWith("keelson: not built yet");
        assertThat(outcome.lines())
                .contains("built: -q -B -ntp -Pfast package -pl node/server -am")
                .endsWith("--name", "x");
    }

    @Test
    void aBuildThatFailsEndsItWithOneClearLine() throws Exception {
        Files.delete(target.resolve("keelson-server-1-runner.jar"));
        script(folder.resolve("tree/mvnw"), "exit 1");

        Outcome outcome = run(withJdk(), launcher);

        assertThat(outcome.exitCode()).isEqualTo(1);
        assertThat(outcome.lines().getLast()).startsWith("keelson: the build failed; run ./mvnw ");
    }
}
