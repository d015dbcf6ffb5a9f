package dev.keelson.sim.check;

import dev.keelson.sim.check.Request.Compare;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Draws requests over a few keys; every value is put once. Thread rule: one thread. */
final class RandomRequests {

    private static final List<Compare.Target> TARGETS = List.of(Compare.Target.values());
    private static final List<Compare.Relation> RELATIONS = List.of(Compare.Relation.values());

    private final Random random;
    private final int keys;
    private long values;

    RandomRequests(Random random, int keys) {
        this.random = random;
        this.keys = keys;
    }

    Request next(long revision, long compacted) {
        int drawn = random.nextInt(1000);
        if (drawn < 350) {
            return put();
        } else if (drawn < 450) {
            return delete();
        } else if (drawn < 600) {
            return txn(revision);
        } else if (drawn < 610) {
            return new Request.Compact(Math.max(1, compacted + random.nextInt(100) - 5));
        }
        return range(revision, compacted);
    }

    private Request put() {
        return new Request.Put(key(), "v" + values++, random.nextBoolean());
    }

    private Request delete() {
        String key = key();
        return new Request.DeleteRange(key, random.nextInt(4) == 0 ? key + "~" : "", random.nextBoolean());
    }

    private Request range(long revision, long compacted) {
        String key = key();
        String end = switch (random.nextInt(8)) {
            case 0 -> "l";
            case 1 -> Span.UNBOUNDED;
            case 2 -> key();
            default -> "";
        };
        long at = 0;
        if (random.nextInt(6) == 0) {
            at = Math.max(1, compacted - 3 + random.nextInt((int) Math.max(1, revision - compacted + 7)));
        }
        long limit = random.nextInt(3) == 0 ? 1 + random.nextInt(4) : 0;
        return new Request.Range(key, end, at, limit, random.nextInt(4) == 0, random.nextInt(8) == 0);
    }

    private Request txn(long revision) {
        var compares = new ArrayList<Compare>();
        for (int i = random.nextInt(3); i > 0; i--) {
            var target = TARGETS.get(random.nextInt(TARGETS.size()));
            var relation = RELATIONS.get(random.nextInt(RELATIONS.size()));
            long number = target == Compare.Target.VERSION ? random.nextInt(4) : random.nextInt((int) revision + 1);
            compares.add(new Compare(target, key(), relation, number, "v" + random.nextInt((int) values + 1)));
        }
        return new Request.Txn(compares, branch(), branch());
    }

    private List<Request> branch() {
        var branch = new ArrayList<Request>();
        int first = random.nextInt(keys);
        if (keys > 1 && random.nextInt(3) == 0) {
            branch.add(new Request.Put(key(first), "v" + values++, random.nextBoolean()));
            branch.add(new Request.Put(key((first + 1) % keys), "v" + values++, random.nextBoolean()));
        }
        if (random.nextInt(6) == 0) {
            branch.add(delete());
        }
        if (random.nextBoolean()) {
            branch.add(new Request.Range(key(first), "l", 0, random.nextInt(3), false, false));
        }
        return branch;
    }

    private String key() {
        return key(random.nextInt(keys));
    }

    private static String key(int index) {
        return "k" + (100_000 + index);
    }
}
