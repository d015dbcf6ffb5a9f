package dev.keelson.mvcc;

import static dev.keelson.mvcc.Requests.NONE;
import static dev.keelson.mvcc.Requests.bytes;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/** Requests of every kind over a few keys, so that they meet; some are refused. */
final class RandomRequests {

    private static final List<byte[]> KEYS = List.of(
            bytes("a"),
            bytes("a\0"),
            bytes("a\0\0"),
            bytes("a\0\1"),
            bytes("a\u00ff"),
            bytes("aa"),
            bytes("b"),
            bytes("\0"),
            bytes("\0\u00ff"),
            bytes("\1"),
            bytes("\u00ff"),
            bytes("\u00ff\u00ff"));
    private static final int DEPTH_MAX = 3;
    static final int LEASES = 4;

    private final RandomGenerator random;

    RandomRequests(RandomGenerator random) {
        this.random = random;
    }

    Operation any(long revision) {
        return switch (random.nextInt(10)) {
            case 0, 1, 2, 3 -> put();
            case 4 -> delete();
            case 5, 6 -> range(revision);
            default -> txn(revision, 1);
        };
    }

    private byte[] key() {
        return KEYS.get(random.nextInt(KEYS.size()));
    }

    private byte[] end() {
        return switch (random.nextInt(4)) {
            case 0 -> NONE;
            case 1 -> bytes("\0");
            default -> key();
        };
    }

    private PutRequest put() {
        boolean ignoreValue = random.nextInt(8) == 0;
        boolean ignoreLease = random.nextInt(8) == 0;
        // The last lease is never granted.
        long lease = ignoreLease || random.nextBoolean() ? 0 : random.nextInt(LEASES + 1);
        byte[] value = ignoreValue ? NONE : bytes(Integer.toString(random.nextInt(30) - 1));
        return new PutRequest(key(), value, lease, random.nextBoolean(), ignoreValue, ignoreLease);
    }

    private DeleteRangeRequest delete() {
        return new DeleteRangeRequest(key(), random.nextBoolean() ? NONE : end(), random.nextBoolean());
    }

    RangeRequest range(long revision) {
        return new RangeRequest(
                key(),
                end(),
                random.nextInt(3) == 0 ? random.nextInt(-1, 6) : 0,
                random.nextBoolean() ? 0 : random.nextLong(-3, revision + 3),
                pick(SortOrder.values()),
                random.nextBoolean() ? SortTarget.KEY : pick(SortTarget.values()),
                random.nextBoolean(),
                random.nextInt(4) == 0,
                random.nextInt(6) == 0,
                bound(revision),
                bound(revision),
                bound(revision),
                bound(revision));
    }

    private long bound(long revision) {
        return random.nextInt(8) == 0 ? random.nextLong(revision + 2) : 0;
    }

    private <T> T pick(T[] choices) {
        return choices[random.nextInt(choices.length)];
    }

    private TxnRequest txn(long revision, int depth) {
        List<Compare> compares = new ArrayList<>();
        for (int i = random.nextInt(3); i > 0; i--) {
            compares.add(compare(revision));
        }
        return new TxnRequest(compares, branch(revision, depth), branch(revision, depth));
    }

    private Compare compare(long revision) {
        Compare.Target target = pick(Compare.Target.values());
        long number = switch (target) {
            case VERSION -> random.nextInt(4);
            case LEASE -> random.nextInt(LEASES);
            case CREATE, MOD, VALUE -> random.nextLong(revision + 2);
        };
        byte[] value = bytes(Integer.toString(random.nextInt(30)));
        return new Compare(
                target, pick(Compare.Result.values()), key(), random.nextBoolean() ? NONE : end(), number, value);
    }

    private List<Operation> branch(long revision, int depth) {
        List<Operation> operations = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            operations.add(
                    switch (random.nextInt(8)) {
                        case 0, 1, 2 -> put();
                        case 3, 4 -> delete();
                        case 5, 6 -> range(revision);
                        default -> depth < DEPTH_MAX ? txn(revision, depth + 1) : put();
                    });
        }
        return operations;
    }
}
