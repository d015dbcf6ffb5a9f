package dev.keelson.sim.workload;

import dev.keelson.sim.check.Request;
import dev.keelson.sim.check.Request.Compare;
import dev.keelson.sim.world.World;
import dev.keelson.sim.world.World.Stream;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * Draws what clients ask for: writes of values that are never written again, to few keys, and reads of every kind.
 *
 * <p>Thread rule: one thread.
 */
public final class Requests {

    private static final String SINGLE = "";
    private static final String FROM_KEY_ON = "\0";
    private static final long PAST_REVISIONS_MAX = 40;
    private static final long FUTURE_REVISIONS_MAX = 3;

    private static final int LEASED_KEYS = 6;

    private final RandomGenerator random;
    private final Mix mix;
    private final LongSupplier leases;
    private long written;

    /**
     * How often each kind is drawn, in parts of their sum.
     *
     * @param keys how many keys there are
     */
    public record Mix(int keys, int put, int delete, int txn, int range, int compact) {
        int sum() {
            return put + delete + txn + range + compact;
        }
    }

    /** @param leases draws a lease that lived a moment ago; 0 when there is none */
    public Requests(World world, Mix mix, LongSupplier leases) {
        this.random = world.random(Stream.WORKLOAD);
        this.mix = mix;
        this.leases = leases;
    }

    /** @param newestRevision the newest that any client has seen */
    Request draw(long newestRevision) {
        int drawn = random.nextInt(mix.sum());
        drawn -= mix.put();
        if (drawn < 0) {
            return put();
        }
        drawn -= mix.delete();
        if (drawn < 0) {
            return delete();
        }
        drawn -= mix.txn();
        if (drawn < 0) {
            return txn(newestRevision);
        }
        drawn -= mix.range();
        if (drawn < 0) {
            return range(newestRevision);
        }
        return new Request.Compact(Math.max(1, newestRevision - random.nextLong(PAST_REVISIONS_MAX)));
    }

    private String key() {
        return "k" + random.nextInt(mix.keys());
    }

    private Request.Put put() {
        long lease = random.nextInt(3) == 0 ? leases.getAsLong() : 0;
        return new Request.Put(lease == 0 ? key() : leasedKey(), "v" + written++, random.nextInt(4) == 0, lease);
    }

    /** Mostly one that nothing but leases and few deletions end. */
    private String leasedKey() {
        return random.nextInt(4) == 0 ? key() : "m" + random.nextInt(LEASED_KEYS);
    }

    private Request.DeleteRange delete() {
        String end = random.nextInt(4) == 0 ? "k" + (char) ('1' + random.nextInt(9)) : SINGLE;
        String key = random.nextInt(12) == 0 ? leasedKey() : key();
        return new Request.DeleteRange(key, end, random.nextBoolean());
    }

    private Request.Range range(long newestRevision) {
        String end = random.nextInt(3) > 0 ? SINGLE : random.nextBoolean() ? FROM_KEY_ON : "l";
        long revision = 0;
        if (random.nextInt(5) == 0) {
            revision = Math.max(
                    1, newestRevision - random.nextLong(PAST_REVISIONS_MAX) + random.nextLong(FUTURE_REVISIONS_MAX));
        }
        long limit = random.nextInt(4) == 0 ? 1 + random.nextLong(3) : 0;
        return new Request.Range(key(), end, revision, limit, random.nextInt(4) == 0, random.nextInt(8) == 0);
    }

    private Request.Txn txn(long newestRevision) {
        String key = key();
        Compare compare = switch (random.nextInt(4)) {
            case 0 -> new Compare(Compare.Target.VERSION, key, Compare.Relation.EQUAL, random.nextInt(3), "");
            case 1 ->
                new Compare(
                        Compare.Target.MOD,
                        key,
                        Compare.Relation.LESS,
                        Math.max(1, newestRevision - random.nextLong(10)),
                        "");
            case 2 ->
                new Compare(
                        Compare.Target.VALUE,
                        key,
                        Compare.Relation.NOT_EQUAL,
                        0,
                        "v" + Math.max(0, written - random.nextLong(20)));
            default -> new Compare(Compare.Target.CREATE, key, Compare.Relation.GREATER, 0, "");
        };
        return new Request.Txn(List.of(compare), branch(), branch());
    }

    /** Operations on different keys: a transaction may write a key once. */
    private List<Request> branch() {
        var branch = new ArrayList<Request>();
        int first = random.nextInt(mix.keys());
        int count = random.nextInt(Math.min(4, mix.keys() + 1));
        for (int i = 0; i < count; i++) {
            String key = "k" + (first + i) % mix.keys();
            branch.add(
                    switch (random.nextInt(5)) {
                        case 0 -> new Request.DeleteRange(key, SINGLE, true);
                        case 1 -> new Request.Range(key, SINGLE, 0, 0, false, false);
                        case 2 -> new Request.Range("k", "l", 0, 0, false, false);
                        default ->
                            new Request.Put(
                                    key,
                                    "v" + written++,
                                    random.nextBoolean(),
                                    random.nextInt(6) == 0 ? leases.getAsLong() : 0);
                    });
        }
        return branch;
    }
}
