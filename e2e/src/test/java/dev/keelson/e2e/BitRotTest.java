package dev.keelson.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keelson.e2e.harness.Cluster;
import dev.keelson.e2e.harness.Cycles;
import dev.keelson.e2e.harness.Load;
import dev.keelson.e2e.harness.Member;
import dev.keelson.e2e.harness.Tools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Flips bits in a file of one member: it names the file and ends, or serves what the others serve. */
class BitRotTest {

    private static final int WRITERS = 8;
    private static final int WRITES_BETWEEN = 100;
    private static final int FLIPS_MAX = 8;
    private static final Duration PROGRESS_MAX = Duration.ofSeconds(30);

    private final Cycles cycles = Cycles.of("bit rot");
    private final Map<String, Integer> outcomes = new TreeMap<>();
    private String verdict = "";
    private int cycle;

    @Test
    void damageIsNamedOrHarmlessAndNeverServed() throws IOException {
        while (cycle < cycles.count()) {
            try (Cluster cluster = Cluster.start(Tools.keelson(), "bit-rot", 3, "--snapshot-count", "100");
                    Load load = Load.start(cluster, WRITERS)) {
                damageUntilOneGoesUnnoticed(cluster, load);
            }
        }
        cycles.summary(outcomes + "; " + verdict);
    }

    /** Damage that nobody noticed stays where it is; a second member's would then be a majority's. */
    private void damageUntilOneGoesUnnoticed(Cluster cluster, Load load) throws IOException {
        boolean refused = true;
        while (refused && cycle < cycles.count()) {
            load.awaitMore(WRITES_BETWEEN, PROGRESS_MAX);
            Member victim = cycles.oneOf(cluster.members());
            victim.kill();
            Path copy = cluster.directory().resolve("copy-" + cycle++);
            victim.save(copy);
            Path damaged = damage(victim.data());
            refused = !startsAndServesWhatTheOthersServe(victim, load, damaged);
            if (refused) {
                victim.restore(copy);
                victim.launch();
                victim.awaitReady();
                verdict = load.verify();
            }
        }
    }

    private boolean startsAndServesWhatTheOthersServe(Member victim, Load load, Path damaged) {
        victim.launch();
        String kind = damaged.getFileName().toString().replaceAll("[0-9a-f]*\\d[0-9a-f]*", "#");
        if (victim.awaitReadyOrEnd()) {
            try {
                verdict = load.verify();
                outcomes.merge(kind + " harmless", 1, Integer::sum);
                return true;
            } catch (AssertionError wrong) {
                if (victim.isAlive()) {
                    throw new AssertionError(damaged + " was damaged, see " + victim.log(), wrong);
                }
            }
        }
        assertThat(victim.awaitExit()).as("exit code, see " + victim.log()).isNotZero();
        assertThat(victim.logText())
                .as("see " + victim.log())
                .contains(damaged.resolveSibling("").toString())
                .doesNotContain("\tat ");
        boolean named = victim.logText().contains(damaged.getFileName().toString());
        outcomes.merge(kind + (named ? " refused" : " refused, another file of it named"), 1, Integer::sum);
        return false;
    }

    /** Flips bits of one file that has any, in each folder as often; the room that a log keeps for later is no data. */
    private Path damage(Path data) throws IOException {
        Path file = cycles.oneOf(cycles.oneOf(List.copyOf(filesByFolder(data))));
        Random random = cycles.random();
        byte[] bytes = Files.readAllBytes(file);
        int end = bytes.length;
        while (end > 1 && bytes[end - 1] == 0) {
            end--;
        }
        for (int flips = random.nextInt(1, FLIPS_MAX + 1); flips > 0; flips--) {
            bytes[random.nextInt(end)] ^= (byte) (1 << random.nextInt(Byte.SIZE));
        }
        Files.write(file, bytes);
        return file;
    }

    private static Collection<List<Path>> filesByFolder(Path data) throws IOException {
        try (Stream<Path> paths = Files.walk(data)) {
            return paths.filter(Files::isRegularFile)
                    .filter(path -> path.toFile().length() > 0)
                    .sorted()
                    .collect(Collectors.groupingBy(
                            path -> path.resolveSibling("").toString(), TreeMap::new, Collectors.toList()))
                    .values();
        }
    }
}
