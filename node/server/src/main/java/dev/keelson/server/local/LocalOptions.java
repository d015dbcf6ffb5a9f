package dev.keelson.server.local;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The options of {@code keelson local}. */
@Command(
        name = "keelson local",
        description = "Runs a cluster on this machine until Ctrl-C; its data stays for the next run.",
        mixinStandardHelpOptions = true)
final class LocalOptions {

    static final int MEMBERS_MAX = 7;

    /** Between the client ports of two members. */
    private static final int PORT_STRIDE = 10_000;

    private static final int PORT_MAX = 65_535;

    @Option(names = "--members", defaultValue = "3", description = "how many members (default: ${DEFAULT-VALUE})")
    int members;

    @Option(
            names = "--data-dir",
            defaultValue = ".keelson/local",
            description = "where the data and the logs are kept (default: ${DEFAULT-VALUE})")
    Path dataDirectory = Path.of(".keelson", "local");

    @Option(
            names = "--base-port",
            defaultValue = "2379",
            description = "client port of the first member; its peer port is the next, the other members' are "
                    + PORT_STRIDE + " higher each (default: ${DEFAULT-VALUE})")
    int basePort;

    /** Why the options cannot be followed; empty when they can. */
    String contradiction() {
        if (members < 1 || members > MEMBERS_MAX) {
            return "--members=" + members + ": give 1 to " + MEMBERS_MAX;
        }
        if (basePort < 1) {
            return "--base-port=" + basePort + ": give 1 or more";
        }
        int last = peerPort(members);
        if (last > PORT_MAX) {
            return "--base-port=" + basePort + ": the last member's port would be " + last + ", give a lower one";
        }
        return "";
    }

    int clientPort(int member) {
        int stride = basePort + (MEMBERS_MAX - 1) * PORT_STRIDE > PORT_MAX ? 2 : PORT_STRIDE;
        return basePort + (member - 1) * stride;
    }

    int peerPort(int member) {
        return clientPort(member) + 1;
    }

    String clientUrl(int member) {
        return "http://127.0.0.1:" + clientPort(member);
    }

    private String peerUrl(int member) {
        return "http://127.0.0.1:" + peerPort(member);
    }

    static String name(int member) {
        return "m" + member;
    }

    /** The flags of one member. */
    List<String> flags(int member) {
        var cluster = new ArrayList<String>();
        for (int other = 1; other <= members; other++) {
            cluster.add(name(other) + "=" + peerUrl(other));
        }
        return List.of(
                "--name", name(member),
                "--data-dir", dataDirectory.resolve(name(member)).toString(),
                "--listen-client-urls", clientUrl(member),
                "--advertise-client-urls", clientUrl(member),
                "--listen-peer-urls", peerUrl(member),
                "--initial-advertise-peer-urls", peerUrl(member),
                "--initial-cluster", String.join(",", cluster),
                "--initial-cluster-token", "keelson-local-" + members);
    }

    /** What clients are told to connect to. */
    String endpoints() {
        var endpoints = new ArrayList<String>();
        for (int member = 1; member <= members; member++) {
            endpoints.add("127.0.0.1:" + clientPort(member));
        }
        return String.join(",", endpoints);
    }
}
