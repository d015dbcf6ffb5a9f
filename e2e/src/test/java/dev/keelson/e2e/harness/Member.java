package dev.keelson.e2e.harness;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One real member: a program, its flags, its data directory and, from time to time, a process. */
public final class Member {

    private static final String READY = "ready to serve client requests";
    private static final Duration START_MAX = Duration.ofSeconds(60);
    private static final long STOP_SECONDS_MAX = 30;

    /** What is left when this JVM is told to end, say by Ctrl-C, goes with it. */
    private static final Set<Process> RUNNING = ConcurrentHashMap.newKeySet();

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> RUNNING.forEach(Process::destroyForcibly)));
    }

    private final String name;
    private final String endpoint;
    private final List<String> command;
    private final Path data;
    private final Path directory;
    private int lives;
    private @Nullable Process process;

    /** Reached by clients at {@code endpoint}, a host and a port. */
    Member(Path program, String name, String endpoint, List<String> flags, Path directory) {
        this.name = name;
        this.endpoint = endpoint;
        this.directory = directory;
        this.data = directory.resolve(name);
        this.command = new ArrayList<>();
        command.add(program.toString());
        command.addAll(List.of("--name", name, "--data-dir", data.toString()));
        command.addAll(flags);
    }

    public String name() {
        return name;
    }

    public Path data() {
        return data;
    }

    public String endpoint() {
        return endpoint;
    }

    /** Lets later lives begin through these words, which must end in an exec of what follows them. */
    public void launchThrough(String... words) {
        command.addAll(0, List.of(words));
    }

    /** The output of the present or last life. */
    public Path log() {
        return directory.resolve(name + "." + lives + ".log");
    }

    public String logText() {
        try {
            return Files.exists(log()) ? Files.readString(log()) : "";
        } catch (IOException failure) {
            throw new IllegalStateException(failure);
        }
    }

    /** Starts the process without waiting for anything. */
    public void launch() {
        launchWith();
    }

    /** The same with more flags, for this life only. */
    public void launchWith(String... more) {
        lives++;
        var words = new ArrayList<>(command);
        words.addAll(List.of(more));
        var builder = new ProcessBuilder(words).redirectErrorStream(true).redirectOutput(log().toFile());
        builder.environment().keySet().removeIf(variable -> variable.startsWith("ETCD"));
        try {
            process = builder.start();
            RUNNING.add(process);
        } catch (IOException failure) {
            throw new IllegalStateException("cannot start " + command, failure);
        }
    }

    public void awaitReady() {
        Await.until(name + " is ready, see " + log(), START_MAX, () -> {
            if (!isAlive()) {
                throw new AssertionError(name + " ended instead of getting ready, see " + log() + ":\n" + logText());
            }
            return isReady();
        });
    }

    /** Returns true when it serves and false when it has ended instead. */
    public boolean awaitReadyOrEnd() {
        Await.until(name + " is ready or ends, see " + log(), START_MAX, () -> isReady() || !isAlive());
        return isAlive();
    }

    private boolean isReady() {
        return logText().contains(READY);
    }

    public boolean isAlive() {
        return process != null && process.isAlive();
    }

    public long pid() {
        return running().pid();
    }

    /** Physical memory that the process holds. */
    public long residentMib() {
        try (Stream<String> lines = Files.lines(Path.of("/proc", Long.toString(pid()), "status"))) {
            String line = lines.filter(l -> l.startsWith("VmRSS:")).findFirst().orElseThrow();
            return Long.parseLong(line.replaceAll("\\D", "")) / 1024;
        } catch (IOException failure) {
            throw new IllegalStateException(failure);
        }
    }

    private Process running() {
        if (process == null) {
            throw new IllegalStateException(name + " was never started");
        }
        return process;
    }

    /** Ends it as a crash of the process would. */
    public void kill() {
        running().destroyForcibly();
        awaitExit();
    }

    /** Stops its clock: the process stays, with all its connections, and does nothing until it is resumed. */
    public void pause() {
        signal("STOP");
    }

    public void resume() {
        signal("CONT");
    }

    private void signal(String signal) {
        Run.command("kill", "-" + signal, Long.toString(pid())).mustSucceed();
    }

    /** Asks it to end and waits. */
    public void stop() {
        running().destroy();
        awaitExit();
    }

    /** Waits for its end; returns the exit code. */
    public int awaitExit() {
        try {
            if (!running().waitFor(STOP_SECONDS_MAX, TimeUnit.SECONDS)) {
                throw new AssertionError(name + " does not end, see " + log());
            }
            return running().exitValue();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    public boolean endsWithin(Duration atMost) {
        try {
            return running().waitFor(atMost);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    /** Takes its data directory away. */
    public void wipe() {
        try (Stream<Path> paths = Files.walk(data)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        } catch (IOException failure) {
            throw new IllegalStateException(failure);
        }
    }

    /** Copies its data directory as it is. */
    public void save(Path copy) {
        Run.command("cp", "-a", data.toString(), copy.toString()).mustSucceed();
    }

    /** Puts a copy of its data directory in the place of what is there. */
    public void restore(Path copy) {
        wipe();
        Run.command("cp", "-a", copy.toString(), data.toString()).mustSucceed();
    }

    void end() {
        if (isAlive()) {
            kill();
        }
    }
}
