package dev.keelson.sim.check;

import dev.keelson.sim.check.HistoryGenerator.Fault;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A correct history, and what a correct store would have told watchers of it. Thread rule: one thread. */
final class WatchedHistory {

    private static final int WATCHERS = 12;

    private final Random random;
    private final WriteHistory writes;
    private final List<WatchRecord> records = new ArrayList<>();
    private long time;

    WatchedHistory(long seed, int operations, int keys) {
        random = new Random(seed);
        var checker = new RevisionChecker();
        new HistoryGenerator(seed, keys, 0, Fault.NONE).run(operations).forEach(checker::accept);
        checker.finish();
        writes = checker.writes();
        for (int watcher = 1; watcher <= WATCHERS; watcher++) {
            watch(watcher);
        }
    }

    WriteHistory writes() {
        return writes;
    }

    List<WatchRecord> records() {
        return records;
    }

    void check() {
        var checker = new WatchChecker(writes);
        records.forEach(checker::accept);
    }

    /** Replaces any one record for which there is a replacement, by one or several; says whether there was one. */
    boolean replace(Function<Integer, @Nullable List<WatchRecord>> mutation) {
        int start = random.nextInt(records.size());
        for (int i = 0; i < records.size(); i++) {
            int index = (start + i) % records.size();
            List<WatchRecord> instead = mutation.apply(index);
            if (instead != null) {
                records.remove(index);
                records.addAll(index, instead);
                return true;
            }
        }
        return false;
    }

    /** The next record of the same watcher; null if there is none. */
    @Nullable
    WatchRecord after(int index) {
        for (int i = index + 1; i < records.size(); i++) {
            if (records.get(i).watcher() == records.get(index).watcher()) {
                return records.get(i);
            }
        }
        return null;
    }

    WatchSpec spec(int watcher) {
        return records.stream()
                .filter(record -> record.watcher() == watcher)
                .map(record -> ((WatchRecord.Asked) record).spec())
                .findFirst()
                .orElseThrow();
    }

    private void watch(int watcher) {
        long created = 1 + random.nextLong(writes.highest());
        WatchSpec spec = spec(created);
        pass(created);
        records.add(new WatchRecord.Asked(watcher, time, spec));
        records.add(new WatchRecord.Created(watcher, time, created));
        long next = spec.startRevision() == 0 ? created + 1 : spec.startRevision();
        long compacted = writes.compactedAtMost(time);
        if (next < compacted && random.nextBoolean()) {
            records.add(new WatchRecord.Canceled(watcher, time, compacted));
            return;
        }
        while (next <= writes.highest()) {
            long to = Math.min(writes.highest(), next + random.nextInt(6));
            tell(watcher, spec, next, to);
            next = to + 1;
            if (random.nextInt(3) == 0) {
                records.add(new WatchRecord.Progress(watcher, time, to));
            }
        }
        records.add(new WatchRecord.Progress(watcher, time, Math.max(writes.highest(), next - 1)));
        if (random.nextInt(3) == 0) {
            records.add(new WatchRecord.Canceled(watcher, time, 0));
        }
    }

    /** Moves on until the revision has been asked for. */
    private void pass(long revision) {
        for (long before = 2; before <= revision; before++) {
            time = Math.max(time, writes.invoked(before));
        }
    }

    private void tell(int watcher, WatchSpec spec, long from, long to) {
        pass(to);
        var events = new ArrayList<WatchEvent>();
        for (long revision = from; revision <= to; revision++) {
            for (KeyChange change : writes.at(revision)) {
                if (spec.wants(change.kv())) {
                    events.add(new WatchEvent(change.kv(), spec.prevKv() ? writes.formerOf(change) : null));
                }
            }
        }
        if (events.isEmpty()) {
            return;
        }
        int cut = spec.fragments() ? random.nextInt(events.size()) : 0;
        if (cut > 0) {
            records.add(new WatchRecord.Events(watcher, time, to, events.subList(0, cut), true));
        }
        records.add(new WatchRecord.Events(watcher, time, to, events.subList(cut, events.size()), false));
    }

    private WatchSpec spec(long created) {
        String key = "k" + (100_000 + random.nextInt(5));
        String end = switch (random.nextInt(4)) {
            case 0 -> "l";
            case 1 -> Span.UNBOUNDED;
            case 2 -> key + "~";
            default -> "";
        };
        long start = switch (random.nextInt(4)) {
            case 0 -> 0;
            case 1 -> Math.min(writes.highest(), created + random.nextInt(10));
            default -> 1 + random.nextLong(created);
        };
        int filter = random.nextInt(8);
        return new WatchSpec(key, end, start, filter == 0, filter == 1, random.nextBoolean(), random.nextInt(3) == 0);
    }
}
