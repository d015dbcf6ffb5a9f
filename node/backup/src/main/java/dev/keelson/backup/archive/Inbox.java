package dev.keelson.backup.archive;

import dev.keelson.backup.cluster.Change;
import dev.keelson.backup.cluster.ChangeSink;
import dev.keelson.backup.cluster.SourceException;
import java.time.Clock;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Changes that came and are in no sealed segment yet.
 *
 * <p>Invariant: it holds no more than twice the bytes of a segment and one message: whoever brings more waits, and with him
 * the member he has it from.
 *
 * <p>Thread rule: the stream of changes puts, the archiver takes.
 */
final class Inbox implements ChangeSink {

    private final Clock clock;
    private final int segmentBytes;
    private SegmentBody body;
    private Set<Long> leases = new HashSet<>();
    private long firstNanos;
    private long term;
    private long knownRevision;
    private Instant knownAt;
    private long compactedAt;
    private @Nullable SourceException refusal;
    private boolean closed;

    Inbox(Clock clock, int segmentBytes, Position from) {
        this.clock = clock;
        this.segmentBytes = segmentBytes;
        this.body = new SegmentBody(from.lo(), from.end().toEpochMilli());
        this.term = from.term();
        this.knownRevision = from.lo() - 1;
        this.knownAt = Instant.EPOCH;
    }

    /**
     * What is ready for a segment.
     *
     * @param end until when nothing is missing
     */
    record Batch(SegmentBody body, Set<Long> leases, long term, Instant end) {}

    @Override
    public synchronized void changes(List<Change> changes, long revision, long atTerm) {
        while (!closed && body.size() >= 2 * segmentBytes) {
            try {
                wait();
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                closed = true;
            }
        }
        if (closed) {
            return;
        }
        if (atTerm < term) {
            refused(new SourceException("the cluster says term " + atTerm + ", and the archive has changes of term "
                    + term + ": it was restored or made anew since; begin a new archive in an empty place"));
            return;
        }
        term = atTerm;
        if (!changes.isEmpty() && body.size() == 0) {
            firstNanos = System.nanoTime();
        }
        for (Change change : changes) {
            if (change.lease() != 0) {
                leases.add(change.lease());
            }
        }
        body.add(clock.millis(), changes);
        knownRevision = Math.max(knownRevision, revision);
        knownAt = clock.instant();
        notifyAll();
    }

    @Override
    public synchronized void compacted(long compactRevision) {
        compactedAt = compactRevision;
        notifyAll();
    }

    @Override
    public synchronized void refused(SourceException cause) {
        refusal = cause;
        notifyAll();
    }

    synchronized void close() {
        closed = true;
        notifyAll();
    }

    /** The revision that history is compacted to, when that is why nothing more comes; else 0. */
    synchronized long compactedAt() {
        return compactedAt;
    }

    /**
     * Waits until there are changes to seal: enough, or old enough. Returns null when there are none within {@code idle},
     * or when nothing more comes.
     *
     * @throws SourceException when the cluster refuses to go on
     */
    synchronized @Nullable Batch take(long everyNanos, long idleNanos) throws InterruptedException {
        long begun = System.nanoTime();
        while (!closed) {
            long now = System.nanoTime();
            boolean some = body.size() > 0;
            if (some && (body.size() >= segmentBytes || now - firstNanos >= everyNanos)) {
                return drain();
            }
            boolean over = compactedAt != 0 || refusal != null;
            if (over || !some && now - begun >= idleNanos) {
                break;
            }
            long wait = some ? firstNanos + everyNanos - now : begun + idleNanos - now;
            TimeUnit.NANOSECONDS.timedWait(this, Math.max(wait, TimeUnit.MILLISECONDS.toNanos(1)));
        }
        if (body.size() > 0) {
            return drain();
        }
        if (refusal != null) {
            throw refusal;
        }
        return null;
    }

    /** An empty batch, when the cluster has said since that time that nothing changed; else null. */
    synchronized @Nullable Batch idle(Instant since) {
        boolean nothingMissing = body.size() == 0 && knownRevision == body.hi() - 1 && knownAt.isAfter(since);
        return nothingMissing ? new Batch(body, Set.of(), term, knownAt) : null;
    }

    private Batch drain() {
        var batch = new Batch(body, leases, term, clock.instant());
        body = new SegmentBody(body.hi(), body.lastMillis());
        leases = new HashSet<>();
        notifyAll();
        return batch;
    }

    synchronized boolean isClosed() {
        return closed;
    }
}
