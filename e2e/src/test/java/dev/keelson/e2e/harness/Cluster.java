package dev.keelson.e2e.harness;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Members of one cluster on this machine; all of them end when it is closed. */
public final class Cluster implements AutoCloseable {

    private final Path directory;
    private final List<Member> members = new ArrayList<>();

    private Cluster(Path directory) {
        this.directory = directory;
    }

    /** Starts {@code size} members of {@code program} on free ports and waits until they are ready. */
    public static Cluster start(Path program, String test, int size, String... flags) {
        Cluster cluster = prepare(program, test, freePorts(2 * size), flags);
        cluster.members.forEach(Member::launch);
        cluster.members.forEach(Member::awaitReady);
        return cluster;
    }

    /** The same without starting them, on given ports: client and peer port of each member in turns. */
    public static Cluster prepare(Path program, String test, List<Integer> ports, String... flags) {
        var cluster = new Cluster(Tools.workDirectory(test));
        int size = ports.size() / 2;
        String initial = Stream.iterate(0, i -> i < size, i -> i + 1)
                .map(i -> "m" + i + "=http://127.0.0.1:" + ports.get(2 * i + 1))
                .collect(Collectors.joining(","));
        for (int i = 0; i < size; i++) {
            String client = "http://127.0.0.1:" + ports.get(2 * i);
            String peer = "http://127.0.0.1:" + ports.get(2 * i + 1);
            var all = new ArrayList<>(List.of(
                    "--listen-client-urls", client,
                    "--advertise-client-urls", client,
                    "--listen-peer-urls", peer,
                    "--initial-advertise-peer-urls", peer,
                    "--initial-cluster", initial,
                    "--initial-cluster-token", "e2e"));
            all.addAll(List.of(flags));
            cluster.members.add(new Member(program, "m" + i, ports.get(2 * i), all, cluster.directory));
        }
        return cluster;
    }

    /** Ports nobody listens on at the moment. */
    public static List<Integer> freePorts(int count) {
        var held = new ArrayList<ServerSocket>();
        try {
            for (int i = 0; i < count; i++) {
                held.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
            }
            var ports = held.stream().map(ServerSocket::getLocalPort).toList();
            for (ServerSocket socket : held) {
                socket.close();
            }
            return ports;
        } catch (IOException failure) {
            throw new IllegalStateException(failure);
        }
    }

    public Path directory() {
        return directory;
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
        for (Member member : members) {
            if (member.isAlive()
                    && Run.command(
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
                            .count() == 1) {
                return member;
            }
        }
        throw new AssertionError("no leader among " + endpoints());
    }

    @Override
    public void close() {
        members.forEach(Member::end);
    }
}
