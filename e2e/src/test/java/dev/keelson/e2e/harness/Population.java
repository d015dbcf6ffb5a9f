package dev.keelson.e2e.harness;

import io.etcd.jetcd.Auth;
import io.etcd.jetcd.Client;
import io.etcd.jetcd.auth.Permission;
import io.etcd.jetcd.options.PutOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

/** Users with roles, and leases with keys, that a cluster is given; and what it says of them, to compare clusters by. */
public final class Population {

    /** Who may do everything once callers have to say who they are. */
    public static final String ROOT = "root:secret-of-root";

    /** Some commands ask for all leases. */
    private static final String COMMAND_MAX = "60s";

    private static final long LEASE_SECONDS = 1_000_000;
    private static final int GRANTS_AT_A_TIME = 100;
    private static final int LEASES_DESCRIBED = 5;

    private final Cluster cluster;

    private Population(Cluster cluster) {
        this.cluster = cluster;
    }

    /** Leases with a key each, and users with a role each; callers are told apart from then on. */
    public static Population settle(Cluster cluster, int leases, int users) {
        try (Client client = Jetcd.connect(cluster.members())) {
            for (int first = 0; first < leases; first += GRANTS_AT_A_TIME) {
                List<CompletableFuture<?>> grants = new ArrayList<>();
                IntStream.range(first, Math.min(leases, first + GRANTS_AT_A_TIME))
                        .forEach(number -> grants.add(grant(client, number)));
                grants.forEach(Jetcd::get);
            }
            IntStream.range(0, users).forEach(number -> addUser(client.getAuthClient(), number));
        }
        var population = new Population(cluster);
        population.ask("user", "add", ROOT);
        population.ask("auth", "enable");
        return population;
    }

    /** The same in a cluster that was made from a snapshot of the first. */
    public static Population of(Cluster cluster) {
        return new Population(cluster);
    }

    private static CompletableFuture<?> grant(Client client, int number) {
        return client.getLeaseClient()
                .grant(LEASE_SECONDS)
                .thenCompose(lease -> client.getKVClient()
                        .put(
                                Jetcd.bytes("leased/" + number),
                                Jetcd.bytes("x"),
                                PutOption.builder().withLeaseId(lease.getID()).build()));
    }

    private static void addUser(Auth auth, int number) {
        String role = "role" + number;
        Jetcd.get(auth.roleAdd(Jetcd.bytes(role)));
        Jetcd.get(auth.roleGrantPermission(
                Jetcd.bytes(role),
                Jetcd.bytes(own(number)),
                Jetcd.bytes("own/" + number + "0"),
                Permission.Type.READWRITE));
        Jetcd.get(auth.roleGrantPermission(
                Jetcd.bytes(role), Jetcd.bytes("large"), Jetcd.bytes(""), Permission.Type.READ));
        Jetcd.get(auth.userAdd(Jetcd.bytes("user" + number), Jetcd.bytes("secret" + number)));
        Jetcd.get(auth.userGrantRole(Jetcd.bytes("user" + number), Jetcd.bytes(role)));
    }

    private static String own(int number) {
        return "own/" + number + "/";
    }

    /** What the real etcdctl says as root, without what differs from moment to moment. */
    public List<String> describe() {
        var told = new ArrayList<String>();
        told.add(ask("auth", "status"));
        for (String user : lines("user", "list")) {
            told.add(ask("user", "get", user));
        }
        for (String role : lines("role", "list")) {
            told.add(ask("role", "get", role));
        }
        // They are listed by what is left of them, which a restart begins anew; the line of their number comes last
        // here.
        List<String> leases = lines("lease", "list").stream().sorted().toList();
        told.addAll(leases);
        leases.stream()
                .limit(LEASES_DESCRIBED)
                .map(lease -> ask("lease", "timetolive", "--keys", lease).replaceFirst("remaining\\(\\d+s\\)", ""))
                .forEach(told::add);
        return told;
    }

    /** Tries what a user may and may not do; returns what went wrong. */
    public List<String> wrongsOf(int number) {
        var wrongs = new ArrayList<String>();
        expect(wrongs, true, "put", own(number) + "key", "x", "--user", "user" + number + ":secret" + number);
        expect(wrongs, true, "get", "large", "--user", "user" + number + ":secret" + number);
        expect(wrongs, false, "put", "large", "x", "--user", "user" + number + ":secret" + number);
        expect(wrongs, false, "get", own(number) + "key", "--user", "user" + number + ":wrong");
        expect(wrongs, false, "get", own(number) + "key");
        return wrongs;
    }

    private void expect(List<String> wrongs, boolean allowed, String... words) {
        if (cluster.etcdctl(words).succeeds() != allowed) {
            wrongs.add(String.join(" ", words) + (allowed ? " was refused" : " was allowed"));
        }
    }

    private List<String> lines(String... words) {
        return ask(words).lines().toList();
    }

    private String ask(String... words) {
        return cluster.etcdctl(words)
                .with("ETCDCTL_USER", ROOT)
                .with("ETCDCTL_COMMAND_TIMEOUT", COMMAND_MAX)
                .mustSucceed();
    }
}
