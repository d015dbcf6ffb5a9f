package dev.keelson.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keelson.e2e.harness.Await;
import dev.keelson.e2e.harness.Cluster;
import dev.keelson.e2e.harness.Jetcd;
import dev.keelson.e2e.harness.KillingMembers;
import dev.keelson.e2e.harness.Member;
import dev.keelson.e2e.harness.Program;
import dev.keelson.e2e.harness.Tools;
import io.etcd.jetcd.Client;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The programs of {@code e2e/recipes}, as their users run them, while members are killed one after the other: each keeps
 * the promise that it is there for.
 */
class RecipesTest {

    private static final int MEMBERS = 3;
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration BETWEEN_WRITES = Duration.ofMillis(20);

    /** What the recipes give their leases. */
    private static final Duration TTL = Duration.ofSeconds(3);

    /** How much longer than its TTL what a dead process held may stay: an election, and the next look at it. */
    private static final Duration SLACK = Duration.ofSeconds(12);

    private static final Cluster cluster = Cluster.prepare(Tools.server(), "recipes", Cluster.freePorts(2 * MEMBERS));

    private final List<Program> programs = new ArrayList<>();
    private final Client client = Jetcd.connect(cluster.members());

    @BeforeAll
    static void start() {
        // Built before any clock runs.
        assertThat(Tools.go("election")).isExecutable();
        cluster.launch();
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    @AfterEach
    void end() {
        programs.forEach(Program::end);
        client.close();
    }

    private Program running(Program program) {
        programs.add(program);
        return program;
    }

    private Program java(String name, String recipe, String... arguments) {
        return running(Program.java(cluster, name, recipe, arguments));
    }

    private Program go(String name, String recipe, String... arguments) {
        var command = new ArrayList<>(List.of(Tools.go(recipe).toString(), "-endpoints", cluster.endpoints()));
        command.addAll(List.of(arguments));
        return running(Program.start(cluster, name, command));
    }

    private Program curl(String name, String... arguments) {
        String program = Path.of("recipes/curl/discovery").toAbsolutePath().toString();
        return running(Program.start(
                cluster,
                name,
                Stream.concat(Stream.of(program), Stream.of(arguments)).toList()));
    }

    private String urls() {
        return cluster.members().stream()
                .map(member -> "http://" + member.endpoint())
                .collect(Collectors.joining(","));
    }

    private String addresses() {
        return cluster.members().stream().map(Member::endpoint).collect(Collectors.joining(" "));
    }

    private String stored(String key) {
        var kvs = Jetcd.get(client.getKVClient().get(Jetcd.bytes(key))).getKvs();
        return kvs.isEmpty() ? "0" : kvs.getFirst().getValue().toString();
    }

    @Test
    void aServiceIsFoundWhileItLivesAndForgottenWhenItDies() {
        foundAndForgotten(
                java("java-living", "ServiceDiscovery", "register", urls(), "java-living", "10.0.0.1:80"),
                java("java-dying", "ServiceDiscovery", "register", urls(), "java-dying", "10.0.0.2:80"),
                java("java-discovery", "ServiceDiscovery", "discover", urls()),
                "services/java-");
    }

    @Test
    void curlFindsAndForgetsServicesToo() {
        foundAndForgotten(
                curl("curl-living", "register", addresses(), "curl-living", "10.0.0.1:80"),
                curl("curl-dying", "register", addresses(), "curl-dying", "10.0.0.2:80"),
                curl("curl-discovery", "discover", addresses()),
                "services/curl-");
    }

    private void foundAndForgotten(Program living, Program dying, Program discovery, String services) {
        living.awaitLine("registered " + services + "living", PATIENCE);
        dying.awaitLine("registered " + services + "dying", PATIENCE);
        discovery.awaitLine("up " + services + "living 10.0.0.1:80", PATIENCE);
        discovery.awaitLine("up " + services + "dying 10.0.0.2:80", PATIENCE);
        try (var killing = KillingMembers.of(cluster)) {
            Await.until("a kill", PATIENCE, () -> killing.kills() >= 1);
            dying.end();
            discovery.awaitLine("down " + services + "dying", TTL.plus(SLACK));
            Await.until("more kills", PATIENCE, () -> killing.kills() >= 3);
        }
        Await.until(
                "the living service is known in the end",
                TTL.plus(SLACK),
                () -> discovery.lines("").stream()
                        .filter(line -> line.contains(services + "living"))
                        .reduce("", (_, later) -> later)
                        .startsWith("up"));
        assertThat(stored(services + "dying")).isEqualTo("0");
    }

    @Test
    void configurationNeverGoesBackAndTheNewestArrives() {
        String key = "configuration";
        List<Program> readers = IntStream.range(0, 2)
                .mapToObj(i -> java("reader-" + i, "DynamicConfiguration", urls(), key))
                .toList();
        long written = write(key, 1);
        for (Program reader : readers) {
            Await.until(
                    "a first configuration",
                    PATIENCE,
                    () -> !reader.lines("configured ").isEmpty());
        }
        try (var killing = KillingMembers.of(cluster)) {
            while (killing.kills() < 3) {
                written = write(key, written + 1);
            }
        }
        String newest = " " + written;
        for (Program reader : readers) {
            Await.until(
                    "the newest configuration is there",
                    PATIENCE,
                    () -> !reader.lines("configured ").isEmpty()
                            && reader.lines("configured ").getLast().endsWith(newest));
            List<Long> revisions = column(reader.lines("configured "), 0);
            List<Long> values = column(reader.lines("configured "), 1);
            assertThat(revisions).isSorted().doesNotHaveDuplicates();
            assertThat(values).isSorted();
            System.out.printf("configuration: %d changes, %d seen%n", written, values.size());
        }
    }

    /** Writes until it has heard that it is written, and then rests a little. */
    private long write(String key, long value) {
        Await.until("a write", PATIENCE, () -> {
            try {
                Jetcd.get(client.getKVClient().put(Jetcd.bytes(key), Jetcd.bytes(Long.toString(value))));
                return true;
            } catch (IllegalStateException unknown) {
                return false;
            }
        });
        Await.passing(BETWEEN_WRITES);
        return value;
    }

    private static List<Long> column(List<String> lines, int column) {
        return lines.stream()
                .map(line -> Long.parseLong(line.split(" ")[column]))
                .toList();
    }

    @Test
    void workIsDoneUnderOneLeaderAtATimeAndGoesOnAfterItDies() {
        List<Program> candidates = IntStream.range(0, 3)
                .mapToObj(i -> go("candidate-" + i, "election", "c" + i))
                .toList();
        var history = new ArrayList<Long>();
        try (var _ = Jetcd.collectValues(
                        client, "election/work", value -> history.add(Long.parseLong(value.split(" ")[0])));
                var killing = KillingMembers.of(cluster)) {
            Await.until(
                    "a leader works", PATIENCE, () -> !stored("election/work").equals("0"));
            Await.until("kills", PATIENCE, () -> killing.kills() >= 2);
            String leader = stored("election/work").split(" ")[1];
            candidates.get(Integer.parseInt(leader.substring(1))).end();
            Await.until(
                    "another leads",
                    TTL.plus(SLACK),
                    () -> !stored("election/work").endsWith(leader));
            Await.until("kills", PATIENCE, () -> killing.kills() >= 4);
        }
        List<Long> tokens = List.copyOf(history);
        assertThat(tokens)
                .as("tokens of those who worked, in the order of the work")
                .isSorted();
        assertThat(Set.copyOf(tokens)).hasSizeGreaterThan(1);
        System.out.printf(
                "election: %d pieces of work under %d leaders%n",
                tokens.size(), Set.copyOf(tokens).size());
    }

    @Test
    void aFencedLockLosesNoCountAndItsTokensGrow() {
        List<Program> workers = IntStream.range(0, 3)
                .mapToObj(i -> java("worker-" + i, "FencedLock", urls()))
                .toList();
        int kills;
        try (var killing = KillingMembers.of(cluster)) {
            Await.until("kills", PATIENCE, () -> killing.kills() >= 3);
            kills = killing.kills();
        }
        int enough = counted(workers).size() + 10;
        Await.until(
                "counting goes on, up to " + enough,
                PATIENCE,
                () -> counted(workers).size() >= enough);
        workers.forEach(Program::end);

        List<String> counted = counted(workers);
        long unknown = workers.stream()
                .mapToLong(worker -> 1 + worker.lines("unknown").size())
                .sum();
        List<Long> inOrderOfTokens = counted.stream()
                .map(line -> List.of(line.split(" ")))
                .sorted(Comparator.comparingLong(line -> Long.parseLong(line.get(1))))
                .map(line -> Long.parseLong(line.getFirst()))
                .toList();
        assertThat(inOrderOfTokens)
                .as("counts in the order of the tokens")
                .isSorted()
                .doesNotHaveDuplicates();
        assertThat(Long.parseLong(stored("fenced/count"))).isBetween((long) counted.size(), counted.size() + unknown);
        System.out.printf("lock: %d counts, at most %d unknown, %d kills%n", counted.size(), unknown, kills);
    }

    private static List<String> counted(List<Program> workers) {
        return workers.stream()
                .flatMap(worker -> worker.lines("counted ").stream())
                .toList();
    }

    @Test
    void everyItemOfTheQueueIsWorkedOnAtLeastOnce() {
        int producers = 2;
        int each = 100;
        List<Program> consumers = IntStream.range(0, 3)
                .mapToObj(i -> go("consumer-" + i, "queue", "consume"))
                .toList();
        Set<String> wanted = IntStream.range(0, producers)
                .boxed()
                .flatMap(producer -> IntStream.range(0, each).mapToObj(i -> "p" + producer + "-" + i))
                .collect(Collectors.toSet());
        try (var killing = KillingMembers.of(cluster)) {
            List<Program> producing = IntStream.range(0, producers)
                    .mapToObj(i -> go("producer-" + i, "queue", "produce", "p" + i, Integer.toString(each)))
                    .toList();
            Await.until(
                    "some work",
                    PATIENCE,
                    () -> consumers.getFirst().lines("worked on ").size() >= 3);
            consumers.getFirst().end();
            producing.forEach(producer -> producer.awaitSuccess(PATIENCE));
            Await.until(
                    "all items are worked on",
                    PATIENCE,
                    () -> workedOn(consumers).equals(wanted));
            Await.until("kills", PATIENCE, () -> killing.kills() >= 2);
        }
        Await.until(
                "the queue is empty",
                TTL.plus(SLACK),
                () -> Jetcd.get(client.getKVClient().get(Jetcd.bytes("queue/"), Jetcd.prefix()))
                                .getCount()
                        == 0);
        long times = consumers.stream()
                .mapToLong(one -> one.lines("worked on ").size())
                .sum();
        System.out.printf("queue: %d items, worked on %d times%n", wanted.size(), times);
    }

    private static Set<String> workedOn(List<Program> consumers) {
        var all = new HashSet<String>();
        consumers.forEach(consumer -> all.addAll(consumer.lines("worked on ")));
        return all;
    }
}
