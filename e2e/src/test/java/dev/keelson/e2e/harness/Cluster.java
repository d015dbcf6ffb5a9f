package dev.keelson.e2e.harness;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Members of one cluster on this machine; all of them end when it is closed. */
public final class Cluster implements AutoCloseable {

    private static final int FIRST_PORT = 21_000;
    private static final int LAST_PORT = 31_999;
    private static final Duration LEADER_MAX = Duration.ofSeconds(30);
    private static int nextPort = FIRST_PORT + (int) (ProcessHandle.current().pid() * 31 % (LAST_PORT - FIRST_PORT));

    private final Path directory;
    private final String initialCluster;
    private final List<Member> members = new ArrayList<>();
    private final Map<String, String> peerUrls = new HashMap<>();

    private Cluster(Path directory, String initialCluster) {
        this.directory = directory;
        this.initialCluster = initialCluster;
    }

    /** Starts {@code size} members of {@code program} on free ports and waits until they are ready. */
    public static Cluster start(Path program, String test, int size, String... flags) {
        Cluster cluster = prepare(program, test, freePorts(2 * size), flags);
        cluster.launch();
        return cluster;
    }

    /**
     * A member that was added to the cluster under {@code place}'s peer URL, not started.
     *
     * @param others the members that are in the cluster besides it
     */
    public Member joining(Path program, String name, Place place, List<Member> others, String... flags) {
        var peers = new ArrayList<String>();
        for (Member other : others) {
            peers.add(other.name() + "=" + Objects.requireNonNull(peerUrls.get(other.name())));
        }
        String peer = "http://" + place.advertisedPeer();
        peers.add(name + "=" + peer);
        peerUrls.put(name, peer);
        String client = "http://" + place.client();
        var all = new ArrayList<>(List.of(
                "--listen-client-urls",
                client,
                "--advertise-client-urls",
                client,
                "--listen-peer-urls",
                "http://" + place.peer(),
                "--initial-advertise-peer-urls",
                peer,
                "--initial-cluster",
                String.join(",", peers),
                "--initial-cluster-state",
                "existing"));
        all.addAll(List.of(flags));
        var joining = new Member(program, name, place.client(), all, directory);
        members.add(joining);
        return joining;
    }

    /** Goes on without a member that was removed and has ended. */
    public void forget(Member removed) {
        members.remove(removed);
        peerUrls.remove(removed.name());
    }

    /** Starts all members together; where one does not get ready, none is left running. */
    public void launch() {
        try {
            members.forEach(Member::launch);
            members.forEach(Member::awaitReady);
        } catch (RuntimeException | AssertionError failure) {
            close();
            throw failure;
        }
    }

    /** The same without starting them, on given ports: client and peer port of each member in turns. */
    public static Cluster prepare(Path program, String test, List<Integer> ports, String... flags) {
        List<Place> places = IntStream.range(0, ports.size() / 2)
                .mapToObj(i -> {
                    String peer = "127.0.0.1:" + ports.get(2 * i + 1);
                    return new Place("127.0.0.1:" + ports.get(2 * i), peer, peer);
                })
                .toList();
        return at(places, program, test, flags);
    }

    /** Where a member listens for clients and for other members, and where those are told to find it. */
    public record Place(String client, String peer, String advertisedPeer) {}

    /** One member for each place, not started. */
    public static Cluster at(List<Place> places, Path program, String test, String... flags) {
        String peers = scheme("--peer-cert-file", flags);
        String initial = IntStream.range(0, places.size())
                .mapToObj(i -> "m" + i + "=" + peers + places.get(i).advertisedPeer())
                .collect(Collectors.joining(","));
        var cluster = new Cluster(Tools.workDirectory(test), initial);
        for (int i = 0; i < places.size(); i++) {
            Place place = places.get(i);
            String client = scheme("--cert-file", flags) + place.client();
            var all = new ArrayList<>(List.of(
                    "--listen-client-urls",
                    client,
                    "--advertise-client-urls",
                    client,
                    "--listen-peer-urls",
                    peers + place.peer(),
                    "--initial-advertise-peer-urls",
                    peers + place.advertisedPeer(),
                    "--initial-cluster",
                    initial,
                    "--initial-cluster-token",
                    "e2e"));
            all.addAll(List.of(flags));
            cluster.peerUrls.put("m" + i, "http://" + place.advertisedPeer());
            cluster.members.add(new Member(program, "m" + i, place.client(), all, cluster.directory));
        }
        return cluster;
    }

    /** A certificate among the flags is there to be used. */
    private static String scheme(String certificateFlag, String... flags) {
        return Stream.of(flags).anyMatch(flag -> flag.startsWith(certificateFlag)) ? "https://" : "http://";
    }

    /**
     * Ports nobody listens on at the moment, from below those that the kernel gives to clients: a member that was
     * killed must find its own free when it comes back.
     */
    public static synchronized List<Integer> freePorts(int count) {
        var ports = new ArrayList<Integer>();
        while (ports.size() < count) {
            nextPort = nextPort == LAST_PORT ? FIRST_PORT : nextPort + 1;
            if (isFree(nextPort)) {
                ports.add(nextPort);
            }
        }
        return ports;
    }

    private static boolean isFree(int port) {
        try (var socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return socket.isBound();
        } catch (BindException _) {
            return false;
        } catch (IOException failure) {
            throw new IllegalStateException(failure);
        }
    }

    public Path directory() {
        return directory;
    }

    /** Names and peer URLs of the members, as {@code --initial-cluster} takes them. */
    public String initialCluster() {
        return initialCluster;
    }

    public List<Member> members() {
        return members;
    }

    public String endpoints() {
        return members.stream().map(Member::endpoint).collect(Collectors.joining(","));
    }

    /** Runs the real etcdctl against the cluster. */
    public Run etcdctl(String... words) {
        var command = new ArrayList<String>();
        command.add(Tools.go("etcdctl").toString());
        command.addAll(List.of(words));
        return Run.command(command).with("ETCDCTL_ENDPOINTS", endpoints());
    }

    /** The member that says of itself that it leads. */
    public Member leader() {
        return members.stream()
                .filter(Member::isAlive)
                .filter(Cluster::leads)
                .findFirst()
                .orElseThrow(() -> new AssertionError("no leader among " + endpoints()));
    }

    /** The same, among those given, as soon as there is one. */
    public static Member awaitLeader(List<Member> among) {
        var found = new AtomicReference<@Nullable Member>();
        Await.until("a leader", LEADER_MAX, () -> {
            found.set(among.stream().filter(Cluster::leads).findFirst().orElse(null));
            return found.get() != null;
        });
        return Objects.requireNonNull(found.get());
    }

    public List<Member> without(Member one) {
        return members.stream().filter(member -> member != one).toList();
    }

    private static boolean leads(Member member) {
        return Run.command(
                                Tools.go("etcdctl").toString(),
                                "--endpoints",
                                member.endpoint(),
                                "endpoint",
                                "status",
                                "-w",
                                "fields")
                        .result()
                        .output()
                        .lines()
                        .filter(line -> line.startsWith("\"MemberID\"") || line.startsWith("\"Leader\""))
                        .map(line -> line.substring(line.indexOf(':') + 1).strip())
                        .distinct()
                        .count()
                == 1;
    }

    @Override
    public void close() {
        members.forEach(Member::end);
    }
}
