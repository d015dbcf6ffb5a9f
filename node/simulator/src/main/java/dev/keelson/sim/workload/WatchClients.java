package dev.keelson.sim.workload;

import dev.keelson.sim.check.WatchRecord;
import dev.keelson.sim.check.WatchSpec;
import dev.keelson.sim.cluster.SimCluster;
import dev.keelson.sim.cluster.SimMember;
import dev.keelson.sim.world.World;
import dev.keelson.sim.world.World.Stream;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * Clients that watch, each through one stream to one member at a time: from the past, from now on and from the future,
 * keys and ranges, with and without previous values and filters. Some read slowly or not at all for a while. When their
 * stream ends, with the member or by their own wish, they go on elsewhere behind the last that they were told.
 *
 * <p>The first client's first watcher wants everything from the beginning, and is never given up.
 *
 * <p>Thread rule: one thread.
 */
public final class WatchClients {

    private static final long LINK_MICROS_MAX = 2_000;
    private static final long ACT_MICROS_MAX = 800_000;
    private static final long PAUSE_MICROS_MAX = 6 * World.MICROS_PER_SECOND;
    private static final long PAST_REVISIONS_MAX = 60;
    private static final long FUTURE_REVISIONS_MAX = 20;
    private static final int WATCHERS_MAX = 5;
    private static final int SLOW_ROOM_MAX = 4;
    private static final String FROM_KEY_ON = "\0";

    private final World world;
    private final SimCluster cluster;
    private final Consumer<WatchRecord> recorder;
    private final LongSupplier newestRevision;
    private final RandomGenerator random;
    private final List<Client> clients = new ArrayList<>();
    private int watchers;
    private long settledAt = Long.MAX_VALUE;

    /** @param newestRevision the newest that any client has seen */
    public WatchClients(World world, SimCluster cluster, Consumer<WatchRecord> recorder, LongSupplier newestRevision) {
        this.world = world;
        this.cluster = cluster;
        this.recorder = recorder;
        this.newestRevision = newestRevision;
        this.random = world.random(Stream.WATCHES);
    }

    public void start(int count) {
        for (int i = 0; i < count; i++) {
            var client = new Client();
            clients.add(client);
            if (i == 0) {
                client.wanted.add(new WatchSpec(FROM_KEY_ON, FROM_KEY_ON, 1, false, false, true, false));
            }
            client.act();
        }
    }

    /** No new watchers and no pauses; those that are left have to be told of everything up to this revision. */
    public void settle(long revision) {
        settledAt = revision;
        clients.forEach(Client::settle);
    }

    /** Whether all watchers know that they were told of everything, once they are to settle. */
    public boolean isSettled() {
        return clients.stream().allMatch(Client::isSettled);
    }

    /** Those who do not know it yet. */
    public String unsettled() {
        return clients.stream()
                .filter(client -> !client.isSettled())
                .map(client -> client.wanted + " and " + client.connection)
                .toList()
                .toString();
    }

    private final class Client {

        /** What it still wants, from where it stands, while it has no stream. */
        private final List<WatchSpec> wanted = new ArrayList<>();

        private @org.jspecify.annotations.Nullable WatchConnection connection;

        void act() {
            world.after(random.nextLong(1, ACT_MICROS_MAX), 0, () -> {
                WatchConnection open = connection;
                if (open != null && !open.isOpen()) {
                    leave(open);
                } else if (open == null) {
                    connect();
                } else if (settledAt == Long.MAX_VALUE) {
                    act(open);
                } else if (!isSettled()) {
                    open.requestProgress();
                }
                act();
            });
        }

        /** What was told until now stays told: the next stream begins behind it. */
        private void leave(WatchConnection left) {
            left.close();
            wanted.addAll(left.rest());
            // One that asked for the future would keep its stream from being told of any progress.
            wanted.removeIf(spec -> spec.startRevision() > settledAt);
            connection = null;
        }

        private void connect() {
            List<SimMember> serving =
                    cluster.members().stream().filter(SimMember::isServing).toList();
            if (serving.isEmpty()) {
                return;
            }
            SimMember member = serving.get(random.nextInt(serving.size()));
            var opened =
                    new WatchConnection(world, cluster, member, record -> recorder.accept(record), () -> ++watchers);
            connection = opened;
            if (settledAt == Long.MAX_VALUE && random.nextInt(3) == 0) {
                opened.slow(SLOW_ROOM_MAX);
            }
            opened.open();
            wanted.forEach(opened::create);
            wanted.clear();
        }

        private void act(WatchConnection open) {
            switch (random.nextInt(12)) {
                case 0, 1, 2, 3 -> {
                    if (open.watchers() < WATCHERS_MAX) {
                        open.create(draw());
                    }
                }
                case 4 -> {
                    if (open.watchers() > 1) {
                        open.cancel(random.nextInt(1, open.watchers()));
                    }
                }
                case 5 -> open.pause(random.nextLong(1, PAUSE_MICROS_MAX));
                case 6 -> leave(open);
                case 7, 8 -> open.requestProgress();
                default -> open.read(random.nextInt(SLOW_ROOM_MAX));
            }
        }

        private void settle() {
            WatchConnection open = connection;
            wanted.removeIf(spec -> spec.startRevision() > settledAt);
            if (open != null) {
                open.settle(settledAt);
            }
        }

        private boolean isSettled() {
            WatchConnection open = connection;
            return wanted.isEmpty() && (open == null || open.isOpen() && open.isSettled(settledAt));
        }
    }

    private WatchSpec draw() {
        String key = random.nextInt(3) == 0 ? "m" + random.nextInt(6) : "k" + random.nextInt(4);
        String end = switch (random.nextInt(5)) {
            case 0 -> FROM_KEY_ON;
            case 1 -> "l";
            case 2 -> "k3";
            default -> "";
        };
        if (end.compareTo(key) <= 0 && end.length() > 1) {
            end = "";
        }
        if (end.equals("l") && key.startsWith("m")) {
            end = "n";
        }
        int filter = random.nextInt(8);
        return new WatchSpec(key, end, startRevision(), filter == 0, filter == 1, random.nextBoolean(), false);
    }

    private long startRevision() {
        long newest = newestRevision.getAsLong();
        return switch (random.nextInt(4)) {
            case 0 -> 0;
            case 1 -> newest + random.nextLong(FUTURE_REVISIONS_MAX);
            default -> Math.max(1, newest - random.nextLong(PAST_REVISIONS_MAX));
        };
    }

    static long link(RandomGenerator random) {
        return random.nextLong(1, LINK_MICROS_MAX);
    }
}
