package dev.keelson.engine.world;

import dev.keelson.engine.Reply;
import dev.keelson.mvcc.PutRequest;
import dev.keelson.mvcc.PutResult;
import dev.keelson.mvcc.RangeRequest;
import dev.keelson.mvcc.RangeResult;
import dev.keelson.mvcc.StoreException;
import java.nio.charset.StandardCharsets;

/** Clients that write unique values to few keys and read them, through any member, one request at a time each. */
final class Clients {

    private static final int KEYS = 8;
    private static final long PAUSE_MICROS_MAX = 20_000;
    private static final long GIVE_UP_MICROS = 10_000_000;

    private final World world;
    private final SimCluster cluster;
    private final History history;
    private boolean stopped;
    private long written;
    private int refused;

    Clients(World world, SimCluster cluster, History history) {
        this.world = world;
        this.cluster = cluster;
        this.history = history;
    }

    void start(int count) {
        for (int i = 0; i < count; i++) {
            next();
        }
    }

    /** No new requests; what is under way still gets its answer. */
    void stop() {
        stopped = true;
    }

    int refused() {
        return refused;
    }

    private void next() {
        world.after(world.delay(1, PAUSE_MICROS_MAX), () -> {
            if (stopped) {
                return;
            }
            SimMember member = cluster.anyMember();
            if (!member.isAlive()) {
                next();
            } else if (world.chance(0.6)) {
                write(member);
            } else {
                read(member);
            }
        });
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private String anyKey() {
        return "k" + world.random().nextInt(KEYS);
    }

    private void write(SimMember member) {
        String key = anyKey();
        String value = "v" + written++;
        long floor = history.floor();
        var turn = new Turn();
        member.engine().put(PutRequest.of(bytes(key), bytes(value)), new Reply<PutResult>() {
            @Override
            public void succeed(PutResult result) {
                history.acknowledge(key, value, result.revision(), floor);
                turn.end();
            }

            @Override
            public void fail(StoreException error) {
                refused++;
                turn.end();
            }
        });
    }

    private void read(SimMember member) {
        long floor = history.floor();
        var turn = new Turn();
        member.engine().range(RangeRequest.of(bytes(anyKey()), new byte[0]), new Reply<RangeResult>() {
            @Override
            public void succeed(RangeResult result) {
                history.read(result.revision(), floor);
                turn.end();
            }

            @Override
            public void fail(StoreException error) {
                refused++;
                turn.end();
            }
        });
    }

    /** One request of one client, which gives up on a member that died with it. */
    private final class Turn {
        private boolean over;

        Turn() {
            world.after(GIVE_UP_MICROS, this::end);
        }

        void end() {
            if (!over) {
                over = true;
                next();
            }
        }
    }
}
