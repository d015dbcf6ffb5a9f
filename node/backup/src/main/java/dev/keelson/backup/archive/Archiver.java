package dev.keelson.backup.archive;

import dev.keelson.backup.cluster.MemberStatus;
import dev.keelson.backup.cluster.SourceCluster;
import dev.keelson.backup.cluster.SourceException;
import dev.keelson.backup.full.BackupRefusedException;
import dev.keelson.backup.full.Manifest;
import dev.keelson.backup.seal.Wrapping;
import dev.keelson.backup.store.StoreException;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Follows all changes of a cluster and puts them into a store, a sealed segment every few seconds.
 *
 * <p>Invariants: the segments of a chain hold every revision behind its full backup once, in order; one is put only when the
 * one before it is in the store. A new process goes on behind the last segment there, after it has seen that the cluster is
 * still the one which that segment is of. History that is compacted before it was read ends a chain: the next begins behind
 * a new full backup.
 *
 * <p>Thread rule: {@link #run} on one thread; {@link #stop} from any.
 */
public final class Archiver {

    private static final Duration PAUSE_FIRST = Duration.ofMillis(200);
    private static final int DOUBLINGS_MAX = 10;
    private static final int RUN_BYTES = 8;
    private static final int LEASES_REMEMBERED = 100_000;

    private final SourceCluster cluster;
    private final Archive archive;
    private final FullBackups backups;
    private final ArchiveSettings settings;
    private final Tools tools;
    private final Map<Long, Long> leaseSeconds = new HashMap<>();
    private volatile @Nullable Inbox inbox;
    private volatile boolean stopped;

    /** Makes the full backup that a chain begins behind. */
    public interface FullBackups {
        Manifest make() throws IOException;
    }

    /** What it is told by and what it tells. */
    public record Tools(Clock clock, ArchiveListener listener) {}

    public Archiver(
            SourceCluster cluster, Archive archive, FullBackups backups, ArchiveSettings settings, Tools tools) {
        this.cluster = cluster;
        this.archive = archive;
        this.backups = backups;
        this.settings = settings;
        this.tools = tools;
    }

    /** Seals what has come and ends. */
    public synchronized void stop() {
        stopped = true;
        Inbox current = inbox;
        if (current != null) {
            current.close();
        }
        notifyAll();
    }

    /**
     * Goes on until it is stopped.
     *
     * @throws SourceException when the cluster refuses, or is not the one the archive is of
     * @throws BackupRefusedException when the end of the archive is damaged
     */
    public void run() throws IOException, InterruptedException {
        @Nullable Position position = resume();
        while (!stopped) {
            if (position == null) {
                position = begin("there is none yet");
            }
            Position end = follow(position);
            Inbox followed = inbox;
            if (stopped || followed == null) {
                return;
            }
            tools.listener().gap(end.lo(), followed.compactedAt());
            position = begin("the cluster was compacted before the archive had read all");
        }
    }

    private @Nullable Position resume() {
        MemberStatus member = cluster.members().getFirst();
        List<Archive.Chain> chains = archive.chains(member.clusterId());
        if (chains.isEmpty()) {
            return null;
        }
        Archive.Chain chain = chains.getLast();
        Archive.Loaded last = archive.load(chain.last());
        Position position = Position.behind(last.segment(), last.sum());
        if (member.term() < position.term()) {
            throw new SourceException("the cluster says term " + member.term()
                    + ", and the archive has changes of term " + position.term()
                    + ": it was restored or made anew since; begin a new archive in an empty place");
        }
        tools.listener().resumed(chain.last());
        return position;
    }

    private Position begin(String why) throws IOException {
        Manifest base = backups.make();
        byte[] run = new byte[RUN_BYTES];
        ThreadLocalRandom.current().nextBytes(run);
        var chain = new ChainId(base.cluster(), base.id(), HexFormat.of().formatHex(run));
        tools.listener().begun(base, why);
        return new Position(chain, 0, base.history().revision() + 1, base.term(), base.created(), chain.origin());
    }

    /** Seals segments until it is stopped or history is gone; returns where the chain ends. */
    private Position follow(Position begin) throws InterruptedException {
        var changes = new Inbox(tools.clock(), settings.bytes(), begin);
        inbox = changes;
        Position position = begin;
        long idle = settings.idleEvery().toNanos();
        int silences = 0;
        try (SourceCluster.Subscription subscription = cluster.follow(begin.lo(), changes)) {
            while (!stopped) {
                Instant since = tools.clock().instant();
                Inbox.Batch batch = changes.take(settings.every().toNanos(), idle);
                if (changes.compactedAt() != 0 && batch == null) {
                    return position;
                }
                if (batch == null && !stopped) {
                    subscription.requestProgress();
                    batch = changes.idle(since);
                    silences = batch == null ? silences + 1 : 0;
                    tellSilence(silences);
                }
                position = batch == null ? position : seal(position, batch);
            }
            Inbox.Batch rest = changes.take(0, 0);
            return rest == null ? position : seal(position, rest);
        } finally {
            changes.close();
        }
    }

    /** The answer to a question of how far the cluster is comes with the round behind it. */
    private void tellSilence(int rounds) {
        if (rounds > 1) {
            tools.listener().delayed("no member says how far the cluster is", settings.idleEvery());
        }
    }

    private Position seal(Position position, Inbox.Batch batch) throws InterruptedException {
        long hi = batch.body().hi();
        // The clock may be set back; the end of an archive never is.
        long endMillis = Math.max(
                batch.end().toEpochMilli(),
                Math.max(position.end().toEpochMilli(), batch.body().lastMillis()));
        var header = new SegmentHeader(
                position.chain(),
                position.sequence(),
                position.lo(),
                hi,
                batch.term(),
                Instant.ofEpochMilli(endMillis),
                position.previous(),
                leases(batch.leases()));
        byte[] encoded = new Segment(header, batch.body().toBytes()).encode();
        var wrapping = new Wrapping(false, archive.keys());
        String object =
                wrapping.name(SegmentName.plain(header.chain(), header.sequence(), header.lo(), hi, header.end()));
        SegmentName name = Objects.requireNonNull(SegmentName.parse(object), object);
        put(name, wrapping, encoded);
        tools.listener().sealed(name, batch.body().size());
        return new Position(
                position.chain(), position.sequence() + 1, hi, batch.term(), header.end(), Segment.sum(encoded));
    }

    private void put(SegmentName name, Wrapping wrapping, byte[] encoded) throws InterruptedException {
        var content = wrapping.wrap(name.object(), out -> out.write(encoded));
        var _ = patiently(() -> {
            try {
                archive.store().put(name.object(), content);
            } catch (StoreException failure) {
                requireOwn(name, encoded, failure);
            }
            return name;
        });
    }

    /** A put that failed may have been done all the same, and is repeated then. */
    private void requireOwn(SegmentName name, byte[] encoded, StoreException failure) {
        if (failure.kind() != StoreException.Kind.EXISTS) {
            throw failure;
        }
        if (!Arrays.equals(archive.load(name).sum(), Segment.sum(encoded))) {
            throw new BackupRefusedException(
                    "segment " + name.object() + " is there already: another archiver writes to the same archive;"
                            + " stop one of them",
                    failure);
        }
    }

    /** Asks the store or the cluster again, ever more slowly, until it answers or the archiver is stopped. */
    private <T> T patiently(Supplier<T> question) throws InterruptedException {
        for (int failures = 0; ; failures++) {
            try {
                return question.get();
            } catch (StoreException | SourceException failure) {
                Duration pause = pause(failures);
                tools.listener().delayed(String.valueOf(failure.getMessage()), pause);
                await(pause, failure);
            }
        }
    }

    private Duration pause(int failures) {
        Duration pause = PAUSE_FIRST.multipliedBy(1L << Math.min(failures, DOUBLINGS_MAX));
        return pause.compareTo(settings.pauseMax()) > 0 ? settings.pauseMax() : pause;
    }

    private synchronized void await(Duration pause, RuntimeException failure) throws InterruptedException {
        if (stopped) {
            throw failure;
        }
        wait(pause.toMillis());
    }

    /**
     * What the leases were granted for. One that is gone already is left out: its keys went with it a little later. A cluster
     * that does not answer is asked again: restored for a guessed time, a long lease would take its keys away too early.
     */
    private Map<Long, Long> leases(Set<Long> ids) throws InterruptedException {
        var known = new HashMap<Long, Long>();
        for (long id : ids) {
            Long seconds = leaseSeconds.get(id);
            if (seconds == null) {
                seconds = patiently(() -> cluster.leaseSeconds(id).orElse(0));
                leaseSeconds.put(id, seconds);
            }
            if (seconds > 0) {
                known.put(id, seconds);
            }
        }
        if (leaseSeconds.size() > LEASES_REMEMBERED) {
            leaseSeconds.clear();
        }
        return known;
    }
}
