package dev.keelson.e2e.harness;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A cluster with a proxy on the way from each member to each other.
 *
 * <p>All members know the same peer URLs, with a name for a host; each resolves it by a hosts file of its own, to the
 * address of the proxy that stands between the two.
 */
public final class Links implements AutoCloseable {

    private static final int NETWORK = 77;

    private final Cluster cluster;
    private final List<List<Proxy>> proxies = new ArrayList<>();

    private Links(Cluster cluster) {
        this.cluster = cluster;
    }

    public static Links start(String test, int size, String... flags) {
        List<Integer> ports = Cluster.freePorts(3 * size);
        List<Cluster.Place> places = IntStream.range(0, size)
                .mapToObj(i -> new Cluster.Place(
                        "127.0.0.1:" + ports.get(3 * i),
                        "127.0.0.1:" + ports.get(3 * i + 1),
                        host(i) + ":" + ports.get(3 * i + 2)))
                .toList();
        var links = new Links(Cluster.at(places, Tools.keelson(), test, flags));
        try {
            for (int from = 0; from < size; from++) {
                links.wire(from, ports);
            }
            links.cluster.launch();
            return links;
        } catch (RuntimeException | AssertionError failure) {
            links.close();
            throw failure;
        }
    }

    private static String host(int member) {
        return "m" + member + ".peers.test";
    }

    private void wire(int from, List<Integer> ports) {
        var hosts = new StringBuilder("127.0.0.1 localhost\n");
        List<Proxy> row = new ArrayList<>();
        proxies.add(row);
        for (int to = 0; to < cluster.members().size(); to++) {
            InetSocketAddress at = Proxy.loopback(NETWORK, from, to + 1, ports.get(3 * to + 2));
            row.add(Proxy.listen(at, new InetSocketAddress("127.0.0.1", ports.get(3 * to + 1))));
            hosts.append(at.getAddress().getHostAddress())
                    .append(' ')
                    .append(host(to))
                    .append('\n');
        }
        try {
            Path file = Files.writeString(cluster.directory().resolve("hosts-" + from), hosts);
            cluster.members().get(from).launchThrough("env", "JAVA_TOOL_OPTIONS=-Djdk.net.hosts.file=" + file);
        } catch (IOException failure) {
            throw new IllegalStateException(failure);
        }
    }

    public Cluster cluster() {
        return cluster;
    }

    /** All that the member sends to the others goes through these. */
    public List<Proxy> from(Member member) {
        int from = cluster.members().indexOf(member);
        return IntStream.range(0, proxies.size())
                .filter(to -> to != from)
                .mapToObj(to -> proxies.get(from).get(to))
                .toList();
    }

    /** All that the others send to the member goes through these. */
    public List<Proxy> to(Member member) {
        int to = cluster.members().indexOf(member);
        return IntStream.range(0, proxies.size())
                .filter(from -> from != to)
                .mapToObj(from -> proxies.get(from).get(to))
                .toList();
    }

    /** Cuts the member off from all others, in both directions. */
    public void isolate(Member member) {
        from(member).forEach(proxy -> proxy.become(Proxy.Fault.BLACKHOLE));
        to(member).forEach(proxy -> proxy.become(Proxy.Fault.BLACKHOLE));
    }

    /** Makes all links slow and choppy. */
    public void slowDown(Duration delay) {
        proxies.forEach(row -> row.forEach(proxy -> {
            proxy.become(Proxy.Fault.SLICE);
            proxy.delay(delay);
        }));
    }

    public void heal() {
        proxies.forEach(row -> row.forEach(Proxy::heal));
    }

    @Override
    public void close() {
        cluster.close();
        proxies.forEach(row -> row.forEach(Proxy::close));
    }
}
