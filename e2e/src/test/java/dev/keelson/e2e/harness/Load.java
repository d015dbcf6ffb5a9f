package dev.keelson.e2e.harness;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Constant writes through the official Go client, and the proof that none that was acknowledged is lost. */
public final class Load implements AutoCloseable {

    /** Between two writes of a worker: constant load, and a journal that can be checked in each round. */
    private static final String PAUSE = "10ms";

    /** How often clients ask who the members are. */
    static final String FOLLOW_EVERY = "1s";

    private static final String JOURNAL = "journal";

    /** The revision that the journal gives to a write whose outcome the client never heard. */
    private static final String UNKNOWN = " 0 ";

    private final Path directory;
    private final Supplier<List<String>> members;
    private final Path journal;
    private final Process process;

    private Load(Path directory, Supplier<List<String>> members, Process process) {
        this.directory = directory;
        this.members = members;
        this.journal = directory.resolve(JOURNAL);
        this.process = process;
    }

    public static Load start(Cluster cluster, int workers) {
        return through(cluster.members(), cluster, workers);
    }

    /** Writes through whoever is a member, also of those that join later. */
    public static Load following(Cluster cluster, int workers) {
        return through(cluster.members(), cluster, workers, "--follow", FOLLOW_EVERY);
    }

    /** Writes only through these; what earlier loads of the cluster wrote stays in the journal and is verified too. */
    public static Load through(List<Member> members, Cluster cluster, int workers, String... flags) {
        var words = new ArrayList<>(
                List.of("--endpoints", members.stream().map(Member::endpoint).collect(Collectors.joining(","))));
        words.addAll(List.of(flags));
        return start(cluster.directory(), words, workers, () -> List.of("--endpoints", cluster.endpoints()));
    }

    /**
     * Writes to whatever cluster, and notes it in that folder.
     *
     * @param through the flags of {@code load} by which clients reach it
     * @param members the flags by which each member is reached, when it is time to verify
     */
    public static Load start(Path directory, List<String> through, int workers, Supplier<List<String>> members) {
        var words = new ArrayList<>(List.of(Tools.go("load").toString(), "run"));
        words.addAll(through);
        words.addAll(List.of("--workers", String.valueOf(workers), "--pause", PAUSE, "--journal"));
        words.add(directory.resolve(JOURNAL).toString());
        var builder = new ProcessBuilder(words)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("load.log").toFile());
        try {
            return new Load(directory, members, builder.start());
        } catch (IOException failure) {
            throw new IllegalStateException(failure);
        }
    }

    Path journal() {
        return journal;
    }

    /** Writes acknowledged so far. */
    public long acknowledged() {
        try (Stream<String> lines = Files.exists(journal) ? Files.lines(journal) : Stream.empty()) {
            return lines.filter(line -> !line.contains(UNKNOWN)).count();
        } catch (IOException failure) {
            throw new IllegalStateException(failure);
        }
    }

    /** Returns when this many more writes are acknowledged. */
    public void awaitMore(long writes, Duration atMost) {
        long enough = acknowledged() + writes;
        Await.until(enough + " acknowledged writes, see " + journal, atMost, () -> acknowledged() >= enough);
    }

    /** What the counter was last acknowledged to hold. */
    public long newest(String counter) {
        try (Stream<String> lines = Files.lines(journal)) {
            return lines.filter(line -> line.startsWith(counter + " ") && !line.contains(UNKNOWN))
                    .mapToLong(line -> Long.parseLong(line.split(" ", 3)[1]))
                    .max()
                    .orElse(0);
        } catch (IOException failure) {
            throw new IllegalStateException(failure);
        }
    }

    /** A time without an acknowledged write, by this machine's clock. */
    public record Stall(Instant from, Instant to) {
        public Duration length() {
            return Duration.between(from, to);
        }
    }

    /** The longest time without an acknowledged write, after so many of them. */
    public Duration longestStallAfter(long writes) {
        long[] ends = endsAfter(writes);
        long longest = 0;
        for (int i = 1; i < ends.length; i++) {
            longest = Math.max(longest, ends[i] - ends[i - 1]);
        }
        return Duration.ofNanos(longest);
    }

    /** All times longer than that without an acknowledged write. */
    public List<Stall> stallsLongerThan(Duration length) {
        long[] ends = endsAfter(0);
        List<Stall> stalls = new ArrayList<>();
        for (int i = 1; i < ends.length; i++) {
            if (ends[i] - ends[i - 1] > length.toNanos()) {
                stalls.add(new Stall(Instant.EPOCH.plusNanos(ends[i - 1]), Instant.EPOCH.plusNanos(ends[i])));
            }
        }
        return stalls;
    }

    private long[] endsAfter(long writes) {
        try (Stream<String> lines = Files.lines(journal)) {
            return lines.filter(line -> !line.contains(UNKNOWN))
                    .skip(writes)
                    .mapToLong(line -> Long.parseLong(line.substring(line.lastIndexOf(' ') + 1)))
                    .sorted()
                    .toArray();
        } catch (IOException failure) {
            throw new IllegalStateException(failure);
        }
    }

    /** Checks a copy of the journal against the cluster; fails with what was lost or differs. */
    public String verify() {
        var words = new ArrayList<>(List.of(Tools.go("load").toString(), "verify", "--journal"));
        words.add(wholeLines().toString());
        words.addAll(members.get());
        Run.Result result = Run.command(words).result();
        if (result.exitCode() != 0) {
            throw new AssertionError(result.output() + "see " + directory);
        }
        return result.output().strip();
    }

    /** The writer goes on while the journal is read: what stands behind the last line break is not whole yet. */
    private Path wholeLines() {
        try {
            String text = Files.readString(journal);
            return Files.writeString(directory.resolve("journal.read"), text.substring(0, text.lastIndexOf('\n') + 1));
        } catch (IOException failure) {
            throw new IllegalStateException(failure);
        }
    }

    @Override
    public void close() {
        process.destroy();
        try {
            process.waitFor();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
