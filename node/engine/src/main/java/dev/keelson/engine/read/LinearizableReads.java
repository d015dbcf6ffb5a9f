package dev.keelson.engine.read;

import dev.keelson.engine.EngineProbe;
import dev.keelson.engine.NodeLimits;
import dev.keelson.engine.Worker;
import dev.keelson.mvcc.StoreError;
import dev.keelson.mvcc.StoreException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Holds reads back until they are linearizable: until the leader has confirmed an index after they arrived, and this
 * node has applied it.
 *
 * <p>All reads that gather while one read index is under way share the next one. An id is asked for once and never again
 * (etcd #20418: a repeated id let an old heartbeat answer confirm a deposed leader); an unanswered one is given up and
 * its reads join the next.
 *
 * <p>Thread rule: {@link #offer} from any thread; all else on the consensus worker. The reads run on the read worker.
 */
public final class LinearizableReads {

    private final Queue<Read> arrived = new ConcurrentLinkedQueue<>();
    private final AtomicInteger waiting = new AtomicInteger();
    private final PriorityQueue<Batch> confirmed = new PriorityQueue<>((a, b) -> Long.compare(a.index, b.index));
    private final Worker readWorker;
    private final EngineProbe probe;
    private @Nullable Batch asked;
    private long nextId;

    /** A read that waits: {@code run} when it may proceed, {@code fail} when it may not. */
    public interface Read {
        void run();

        void fail(StoreException error);

        long deadlineTick();
    }

    private static final class Batch {
        final long id;
        final long askedTick;
        final List<Read> reads;
        long index;

        Batch(long id, long askedTick, List<Read> reads) {
            this.id = id;
            this.askedTick = askedTick;
            this.reads = reads;
        }
    }

    public LinearizableReads(Worker readWorker, long firstId, EngineProbe probe) {
        this.readWorker = readWorker;
        this.nextId = firstId;
        this.probe = probe;
    }

    /** Takes a read in, or refuses it when too many wait. */
    public void offer(Read read) {
        if (waiting.incrementAndGet() > NodeLimits.WAITING_READS_MAX) {
            waiting.decrementAndGet();
            read.fail(new StoreException(StoreError.TOO_MANY_REQUESTS));
            return;
        }
        arrived.add(read);
    }

    /** Starts a batch for the reads that gathered, unless one is under way; returns the id to ask for, or 0. */
    public long nextRequest(long tick) {
        if (asked != null || arrived.isEmpty()) {
            return 0;
        }
        return ask(tick, new ArrayList<>());
    }

    private long ask(long tick, List<Read> reads) {
        for (Read read = arrived.poll(); read != null; read = arrived.poll()) {
            reads.add(read);
        }
        asked = new Batch(nextId++, tick, reads);
        return asked.id;
    }

    /** The batch {@code id} is linearizable once {@code index} is applied. Late answers to given-up ids are ignored. */
    public void confirm(long id, long index) {
        if (asked != null && asked.id == id) {
            asked.index = index;
            confirmed.add(asked);
            asked = null;
        }
    }

    /** Releases what {@code applied} satisfies. */
    public void release(long applied) {
        while (!confirmed.isEmpty() && confirmed.peek().index <= applied) {
            List<Read> reads = confirmed.poll().reads;
            waiting.addAndGet(-reads.size());
            readWorker.execute(() -> reads.forEach(Read::run));
        }
    }

    /** Gives up reads past their deadline; returns a fresh id to ask for when the last went unanswered too long, or 0. */
    public long tick(long tick) {
        for (Batch batch : confirmed) {
            expire(batch.reads, tick);
        }
        if (asked == null) {
            return 0;
        }
        if (expire(asked.reads, tick)) {
            probe.readIndexFailed();
        }
        if (tick - asked.askedTick < NodeLimits.READ_INDEX_RETRY_TICKS) {
            return 0;
        }
        List<Read> again = asked.reads;
        asked = null;
        probe.readIndexSlow();
        return again.isEmpty() && arrived.isEmpty() ? 0 : ask(tick, again);
    }

    private boolean expire(List<Read> reads, long tick) {
        Deque<Read> late = new ArrayDeque<>();
        reads.removeIf(read -> read.deadlineTick() <= tick && late.add(read));
        fail(late, StoreError.TIMEOUT);
        return !late.isEmpty();
    }

    /** Fails every read that waits. */
    public void failAll(StoreError error) {
        var all = new ArrayDeque<Read>();
        for (Read read = arrived.poll(); read != null; read = arrived.poll()) {
            all.add(read);
        }
        if (asked != null) {
            all.addAll(asked.reads);
            asked = null;
        }
        confirmed.forEach(batch -> all.addAll(batch.reads));
        confirmed.clear();
        fail(all, error);
    }

    private void fail(Deque<Read> reads, StoreError error) {
        waiting.addAndGet(-reads.size());
        for (Read read : reads) {
            read.fail(new StoreException(error));
        }
    }
}
