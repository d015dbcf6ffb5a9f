package dev.keelson.mvcc.watch;

import static dev.keelson.mvcc.watch.WatchedStore.bytes;

import dev.keelson.mvcc.DeleteRangeRequest;
import dev.keelson.mvcc.MvccStore;
import dev.keelson.mvcc.Operation;
import dev.keelson.mvcc.PutRequest;
import dev.keelson.mvcc.StoreBatch;
import dev.keelson.mvcc.TxnRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * One seed's run: writers, compactions, clients that come, go, read slowly or not at all, changes that are published late
 * or skipped, and stores that are replaced; then peace, after which everybody must have heard everything.
 */
final class RandomWatchRun {

    private static final int STEPS = 400;
    private static final int CLIENTS_MAX = 4;
    private static final String[] KEYS = {"\0", "a", "a\0", "b", "ba", "c", "d"};

    private final SplittableRandom random;
    private final WatchedStore world;
    private final Truth truth = new Truth();
    private final List<Connection> connections = new ArrayList<>();
    private long ticks;
    int answers;
    int compactions;
    int notices;

    private record Connection(CheckedClient client, WatcherStream stream) {}

    RandomWatchRun(long seed) {
        random = new SplittableRandom(seed);
        var limits = new WatchLimits(
                random.nextInt(500, 20_000),
                random.nextInt(1, 30),
                random.nextInt(1, 6),
                random.nextInt(200, 4_000),
                random.nextInt(1, 6),
                random.nextInt(1, 12));
        world = new WatchedStore(limits);
    }

    int scans() {
        return world.scans;
    }

    void run() {
        for (int step = 0; step < STEPS; step++) {
            step();
        }
        if (!world.hasViews) {
            replaceStore();
        }
        world.publish();
        for (Connection connection : connections) {
            connection.client.room = Integer.MAX_VALUE;
            world.hub.resume(connection.stream);
        }
        world.catchUp();
        connections.forEach(this::assertEnd);
    }

    private void assertEnd(Connection connection) {
        CheckedClient client = connection.client;
        client.assertComplete();
        int before = client.notices;
        world.hub.requestProgress(connection.stream, world.store.revision());
        if (client.notices - before != (client.mayHearOfProgress() ? 1 : 0)) {
            throw new AssertionError("asked for progress, told " + (client.notices - before) + " times");
        }
        tally(client);
    }

    private void tally(CheckedClient client) {
        answers += client.answers;
        compactions += client.compactions;
        notices += client.notices;
    }

    private void step() {
        switch (random.nextInt(20)) {
            case 0, 1, 2, 3, 4 -> write();
            case 5, 6, 7 -> world.publishOne();
            case 8, 9 -> {
                boolean _ = world.hub.catchUp();
            }
            case 10, 11 -> onConnection(this::create);
            case 12 -> onConnection(this::cancel);
            case 13, 14 -> onConnection(this::makeRoom);
            case 15 -> onConnection(connection -> world.hub.requestProgress(connection.stream, world.store.revision()));
            case 16 -> world.hub.tick(ticks += random.nextInt(1, 8));
            case 17 -> connect();
            case 18 -> rarely();
            default -> compact();
        }
    }

    private void rarely() {
        switch (random.nextInt(4)) {
            case 0 -> onConnection(this::disconnect);
            case 1 -> world.hub.skipTo(world.store.revision());
            case 2 -> world.hasViews = false;
            default -> replaceStore();
        }
    }

    /** Another member's store takes the place: the same state, at a later revision than what was published here. */
    private void replaceStore() {
        world.backend = world.backend.copy();
        world.store.close();
        world.store = MvccStore.open(world.backend);
        world.skip();
    }

    private void write() {
        // A store about to be replaced takes no writes.
        if (!world.hasViews) {
            return;
        }
        world.write(batch -> {
            for (int i = random.nextInt(1, 4); i > 0; i--) {
                writeOnce(batch);
            }
        });
    }

    private void writeOnce(StoreBatch batch) {
        switch (random.nextInt(4)) {
            case 0, 1 -> {
                PutRequest put = put(KEYS[random.nextInt(KEYS.length)]);
                batch.put(put);
                truth.apply(List.of(put));
            }
            case 2 -> {
                DeleteRangeRequest delete = delete();
                batch.deleteRange(delete);
                truth.apply(List.of(delete));
            }
            default -> {
                List<Operation> operations = operations();
                batch.txn(new TxnRequest(List.of(), operations, List.of()));
                truth.apply(operations);
            }
        }
    }

    /** Puts of different keys, in front of them perhaps a delete that etcd lets stand beside them. */
    private List<Operation> operations() {
        var operations = new ArrayList<Operation>();
        if (random.nextInt(3) == 0) {
            operations.add(new DeleteRangeRequest(bytes(KEYS[random.nextInt(KEYS.length)]), bytes("\0"), false));
        }
        for (String key : KEYS) {
            if (random.nextInt(3) == 0) {
                operations.add(put(key));
            }
        }
        return operations;
    }

    private PutRequest put(String key) {
        String value = Integer.toString(random.nextInt(100)).repeat(random.nextInt(20) == 0 ? 200 : 1);
        return PutRequest.of(bytes(key), bytes(value));
    }

    private DeleteRangeRequest delete() {
        int lo = random.nextInt(KEYS.length);
        String end = random.nextBoolean() ? "" : random.nextBoolean() ? "\0" : KEYS[random.nextInt(KEYS.length)];
        return new DeleteRangeRequest(bytes(KEYS[lo]), bytes(end), false);
    }

    private void compact() {
        long lo = Math.max(1, world.store.compactRevision() + 1);
        if (world.hasViews && lo < world.store.revision()) {
            long revision = random.nextLong(lo, world.store.revision() + 1);
            world.compact(revision);
        }
    }

    private interface Act {

        void on(Connection connection);
    }

    private void onConnection(Act act) {
        if (!connections.isEmpty()) {
            act.on(connections.get(random.nextInt(connections.size())));
        }
    }

    private void connect() {
        if (connections.size() < CLIENTS_MAX) {
            var client = new CheckedClient(truth, world::compactRevision);
            client.room = random.nextInt(20);
            var stream = new WatcherStream(client);
            world.hub.open(stream);
            connections.add(new Connection(client, stream));
        }
    }

    private void disconnect(Connection connection) {
        world.hub.close(connection.stream);
        connection.client.closes();
        tally(connection.client);
        connections.remove(connection);
    }

    private void makeRoom(Connection connection) {
        connection.client.room += random.nextInt(1, 8);
        world.hub.resume(connection.stream);
    }

    private void create(Connection connection) {
        int lo = random.nextInt(KEYS.length);
        String end = random.nextBoolean() ? "" : random.nextBoolean() ? "\0" : KEYS[KEYS.length - 1] + "z";
        long now = world.store.revision();
        long start = random.nextInt(3) == 0 ? 0 : random.nextLong(Math.max(1, now - 25), now + 6);
        var request = new WatchRequest(
                0,
                lo == 0 && random.nextBoolean() ? new byte[0] : bytes(KEYS[lo]),
                bytes(end),
                start,
                random.nextBoolean(),
                random.nextInt(5) == 0,
                random.nextInt(5) == 0,
                random.nextBoolean(),
                false);
        connection.client.asks(request);
        world.hub.create(connection.stream, request, now);
    }

    private void cancel(Connection connection) {
        List<Long> ids = connection.client.ids();
        world.hub.cancel(connection.stream, ids.isEmpty() ? 77 : ids.get(random.nextInt(ids.size())));
    }
}
