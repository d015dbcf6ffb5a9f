package dev.keelson.sim.disk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keelson.log.CorruptLogException;
import dev.keelson.log.LogConfig;
import dev.keelson.log.LogFailedException;
import dev.keelson.log.SegmentedLog;
import dev.keelson.log.file.CrashFileSystem.Loss;
import dev.keelson.log.file.CrashFileSystem.Moment;
import dev.keelson.log.file.CrashFileSystem.ProcessEnded;
import dev.keelson.raft.confchange.ConfState;
import dev.keelson.raft.log.Entry;
import dev.keelson.raft.log.EntryType;
import dev.keelson.raft.log.HardState;
import dev.keelson.raft.log.SnapshotMetadata;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One random life of a log on a faulty disk beside a model of what it must hold.
 *
 * <p>Every start must find a state that the model allows: after a kill the last one or that of the step which was cut
 * short; after a power loss any since the last sync; after a broken promise of the disk any that ever was. Or the log
 * refuses, for which the disk must have given a reason.
 */
final class LogOnDiskRun {

    private static final Path WAL = Path.of("/data/member/wal");

    /** A log that cannot be read is opened so often, then it is given up. */
    private static final int FAILED_STARTS_MAX = 10;

    /** Everything a log tells. */
    record State(SnapshotMetadata start, HardState hardState, List<Entry> entries) {
        long last() {
            return start.index() + entries.size();
        }
    }

    private final SimDisk disk;
    private final Random random;
    private final LogConfig config;
    private final List<State> everything = new ArrayList<>();
    private List<State> sinceSync = new ArrayList<>();
    /** How many of the last states a start after a mere kill may find. */
    private int uncertain = 1;

    private long term = 1;
    private long payloads;
    private boolean brokenPromise;
    private int failedStarts;
    private int starts;
    private int losses;
    private @Nullable SegmentedLog log;

    LogOnDiskRun(SimDisk disk, Random random) {
        this.disk = disk;
        this.random = random;
        this.config = new LogConfig(77, random.nextBoolean() ? 1200 : 4000, 1024, 400, 4096);
        note(new State(SnapshotMetadata.NONE, HardState.EMPTY, List.of()));
    }

    /** Takes so many steps; returns whether the log was still willing at the end. */
    boolean run(int steps) {
        try {
            for (int i = 0; i < steps && failedStarts < FAILED_STARTS_MAX; i++) {
                liveOn();
            }
            if (failedStarts == FAILED_STARTS_MAX) {
                assertThat(disk.counts().of(DiskFault.LATENT_SECTOR)).isPositive();
            }
            return failedStarts < FAILED_STARTS_MAX;
        } catch (CorruptLogException refusal) {
            assertThat(destroyed()).as("damage that justifies: " + refusal).isPositive();
            return false;
        }
    }

    int starts() {
        return starts;
    }

    int losses() {
        return losses;
    }

    private long destroyed() {
        long count = 0;
        for (DiskFault kind : DiskFault.values()) {
            count += kind.destructive() ? disk.counts().of(kind) : 0;
        }
        return count;
    }

    private void liveOn() {
        try {
            if (log == null) {
                start();
            } else {
                step(log);
            }
            if (log != null) {
                check(log, List.of(current()));
            }
        } catch (LogFailedException _) {
            failedStarts += log == null ? 1 : 0;
            end();
        } catch (ProcessEnded _) {
            end();
        }
    }

    private void end() {
        log = null;
        disk.full(false);
        if (random.nextBoolean()) {
            disk.killProcess();
            return;
        }
        brokenPromise |= disk.losePower(Loss.values()[random.nextInt(Loss.values().length)]);
        uncertain = sinceSync.size();
        losses++;
    }

    private void start() {
        if (random.nextInt(4) == 0) {
            endSoon(60);
        }
        SegmentedLog opened = SegmentedLog.open(disk, WAL, config);
        List<State> allowed = brokenPromise
                ? everything
                : sinceSync.subList(Math.max(0, sinceSync.size() - uncertain), sinceSync.size());
        State found = check(opened, allowed);
        starts++;
        failedStarts = 0;
        brokenPromise = false;
        sinceSync = new ArrayList<>(List.of(found));
        uncertain = 1;
        log = opened;
    }

    private void endSoon(int calls) {
        Moment moment = Moment.values()[random.nextInt(Moment.values().length)];
        disk.files().endProcess(1 + random.nextInt(calls), moment, random);
    }

    private State check(SegmentedLog opened, List<State> allowed) {
        State found = read(opened);
        assertThat(Set.copyOf(allowed)).contains(found);
        return found;
    }

    private static State read(SegmentedLog log) {
        List<Entry> entries = log.entries(log.firstIndex(), log.lastIndex() + 1, Long.MAX_VALUE);
        for (Entry entry : entries) {
            assertThat(log.term(entry.index())).isEqualTo(entry.term());
        }
        return new State(log.start(), log.hardState(), entries);
    }

    private State current() {
        return sinceSync.getLast();
    }

    private void note(State next) {
        everything.add(next);
        sinceSync.add(next);
    }

    /** Does a step that leads to {@code next}; until it has returned both states may be found. */
    private void towards(State next, Runnable step) {
        note(next);
        uncertain = 2;
        step.run();
        uncertain = 1;
    }

    private void synced() {
        sinceSync = new ArrayList<>(List.of(current()));
    }

    private void step(SegmentedLog on) {
        switch (random.nextInt(24)) {
            case 0, 1, 2, 3, 4, 5, 6 -> {
                on.sync();
                synced();
            }
            case 7 -> cut(on);
            case 8 -> reset(on);
            case 9 -> {
                on.close();
                synced();
                log = null;
                start();
            }
            case 10 -> end();
            case 11 -> endSoon(20);
            case 12 -> disk.full(random.nextInt(3) == 0);
            default -> append(on);
        }
    }

    private void append(SegmentedLog on) {
        State now = current();
        term += random.nextInt(8) == 0 ? 1 : 0;
        long first = now.last() + 1;
        if (random.nextInt(5) == 0) {
            first -= Math.min(now.entries().size(), random.nextInt(4));
        }
        var added = new ArrayList<Entry>();
        int count = random.nextInt(4);
        int bytes = random.nextInt(6) == 0 ? random.nextInt(900) : 8 * (1 + random.nextInt(3));
        for (int i = 0; i < count; i++) {
            added.add(entry(first + i, bytes));
        }
        boolean voted = count == 0 || random.nextInt(3) == 0;
        var state = voted ? new HardState(term, random.nextInt(3), now.start().index()) : now.hardState();
        var entries = new ArrayList<>(now.entries());
        if (count > 0) {
            entries.subList((int) (first - now.start().index() - 1), entries.size())
                    .clear();
            entries.addAll(added);
        }
        towards(new State(now.start(), state, List.copyOf(entries)), () -> on.append(voted ? state : null, added));
    }

    /** No other entry has the same payload, and many have the same size. */
    private Entry entry(long index, int bytes) {
        byte[] payload = new byte[Math.max(bytes, Long.BYTES)];
        random.nextBytes(payload);
        ByteBuffer.wrap(payload).putLong(++payloads);
        return new Entry(term, index, EntryType.NORMAL, payload);
    }

    private void cut(SegmentedLog on) {
        State now = current();
        if (now.entries().isEmpty()) {
            return;
        }
        int count = 1 + random.nextInt(now.entries().size());
        Entry last = now.entries().get(count - 1);
        var upTo = new SnapshotMetadata(last.index(), last.term(), ConfState.ofVoters(Set.of(1L, 2L, 3L)));
        var rest = now.entries().subList(count, now.entries().size());
        towards(new State(upTo, now.hardState(), List.copyOf(rest)), () -> on.cut(upTo));
        if (on.start().equals(now.start())) {
            sinceSync.removeLast();
            everything.removeLast();
        } else {
            synced();
        }
    }

    private void reset(SegmentedLog on) {
        State now = current();
        long index = now.last() + random.nextInt(3);
        var metadata = new SnapshotMetadata(index, term, ConfState.ofVoters(Set.of(1L, 4L)));
        var state = new HardState(term, 0, index);
        towards(new State(metadata, state, List.of()), () -> on.reset(metadata, state));
        synced();
    }
}
