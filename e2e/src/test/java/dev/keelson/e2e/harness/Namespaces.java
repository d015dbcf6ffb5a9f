package dev.keelson.e2e.harness;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;

/**
 * A cluster each of whose members lives in a network namespace of its own.
 *
 * <p>Members are plugged into one of two switches, in a namespace that holds nothing else; those on different switches
 * cannot reach each other, while their clients have a cable of their own to each of them. Namespaces take all devices
 * with them when they go.
 */
public final class Namespaces implements AutoCloseable {

    private static final String PREFIX = "ke" + ProcessHandle.current().pid();
    private static final String HUB = PREFIX + "hub";
    private static final List<String> SWITCHES = List.of("left", "right");
    private static final String TOGETHER = SWITCHES.getFirst();
    private static final String APART = SWITCHES.getLast();
    private static final int CLIENT_PORT = 2379;
    private static final int PEER_PORT = 2380;

    private static final Set<String> HELD = ConcurrentHashMap.newKeySet();

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> HELD.forEach(Namespaces::delete)));
    }

    private final Cluster cluster;

    private Namespaces(Cluster cluster) {
        this.cluster = cluster;
    }

    /** Skips the test where this host gives us no namespaces. */
    public static void assumeAvailable() {
        boolean available = Run.command("ip", "netns", "add", HUB).succeeds()
                && Run.command("ip", "-n", HUB, "link", "add", TOGETHER, "type", "bridge")
                        .succeeds()
                && Run.command("ip", "-n", HUB, "link", "add", "end1", "type", "veth", "peer", "name", "end2")
                        .succeeds();
        delete(HUB);
        String reason = "no root, no ip command, no namespaces, bridges or veth here, so no networks of our own";
        if (!available) {
            System.err.println("skipped: " + reason);
        }
        assumeTrue(available, reason);
    }

    public static Namespaces start(Path program, String test, int size) {
        List<Cluster.Place> places = IntStream.range(0, size)
                .mapToObj(i -> new Cluster.Place(
                        inside(i) + ":" + CLIENT_PORT, peer(i) + ":" + PEER_PORT, peer(i) + ":" + PEER_PORT))
                .toList();
        var network = new Namespaces(Cluster.at(places, program, test));
        try {
            network.plugIn(size);
            network.cluster.launch();
            return network;
        } catch (RuntimeException | AssertionError failure) {
            network.close();
            throw failure;
        }
    }

    /** From the range that is set aside for trying out networks, another one for each process. */
    private static String subnet() {
        return "198.18." + ProcessHandle.current().pid() % 250;
    }

    private static String outside(int member) {
        return subnet() + "." + (4 * member + 1);
    }

    private static String inside(int member) {
        return subnet() + "." + (4 * member + 2);
    }

    private static String peer(int member) {
        return "198.19.0." + (member + 1);
    }

    private void plugIn(int size) {
        add(HUB);
        for (String name : SWITCHES) {
            ip("-n", HUB, "link", "add", name, "type", "bridge");
            ip("-n", HUB, "link", "set", name, "up");
        }
        for (int i = 0; i < size; i++) {
            String space = PREFIX + "m" + i;
            add(space);
            ip("-n", space, "link", "set", "lo", "up");
            ip("link", "add", space, "type", "veth", "peer", "name", "client", "netns", space);
            ip("addr", "add", outside(i) + "/30", "dev", space);
            ip("link", "set", space, "up");
            ip("-n", space, "addr", "add", inside(i) + "/30", "dev", "client");
            ip("-n", space, "link", "set", "client", "up");
            ip("-n", HUB, "link", "add", "m" + i, "type", "veth", "peer", "name", "peer", "netns", space);
            ip("-n", HUB, "link", "set", "m" + i, "master", TOGETHER, "up");
            ip("-n", space, "addr", "add", peer(i) + "/24", "dev", "peer");
            ip("-n", space, "link", "set", "peer", "up");
            cluster.members().get(i).launchThrough("ip", "netns", "exec", space);
        }
    }

    public Cluster cluster() {
        return cluster;
    }

    /** Plugs these members into a switch of their own; they reach each other there, and nobody else. */
    public void setApart(List<Member> members) {
        members.forEach(member -> plug(member, APART));
    }

    public void heal() {
        cluster.members().forEach(member -> plug(member, TOGETHER));
    }

    private static void plug(Member member, String into) {
        ip("-n", HUB, "link", "set", member.name(), "master", into);
    }

    private static void add(String space) {
        HELD.add(space);
        ip("netns", "add", space);
    }

    private static void ip(String... words) {
        List<String> command = new ArrayList<>(List.of("ip"));
        command.addAll(List.of(words));
        Run.command(command).mustSucceed();
    }

    private static void delete(String space) {
        Run.command("ip", "link", "del", space).succeeds();
        Run.command("ip", "netns", "del", space).succeeds();
        HELD.remove(space);
    }

    @Override
    public void close() {
        cluster.close();
        List.copyOf(HELD).forEach(Namespaces::delete);
    }
}
