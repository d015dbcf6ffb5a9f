package dev.keelson.server.grpc;

import dev.keelson.mvcc.watch.EventList;
import dev.keelson.mvcc.watch.WatchSink;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Words what a stream's watchers hear as etcd does, and sends it on.
 *
 * <p>Thread rule: the watch worker, but for {@link #expect}.
 */
final class WatchAnswers implements WatchSink {

    /** What a stream says that cannot name a watcher, or speaks of all. */
    private static final long NO_WATCHER = -1;

    /** etcd's header of an answer about what was compacted tells no revision. */
    private static final long NO_REVISION = 0;

    private final Shared shared;
    private final AnswerOutlet outlet;
    private final Runnable answered;
    private final Queue<Boolean> expected = new ConcurrentLinkedQueue<>();
    private @Nullable Set<Long> fragmenting;

    /**
     * What all streams of a member have in common; they answer on one thread, so one answer under construction will do.
     *
     * @param answerBytesMax the size from which an answer goes in pieces to those who asked for it
     * @param held bytes of answers that all streams hold
     * @param listener hears what was sent
     */
    record Shared(
            WatchAnswer answer,
            WatchAnswer.Headers headers,
            long answerBytesMax,
            AtomicLong held,
            AnswerListener listener) {}

    /** @param answered told of each answer to a creation */
    WatchAnswers(Shared shared, AnswerOutlet outlet, Runnable answered) {
        this.shared = shared;
        this.outlet = outlet;
        this.answered = answered;
    }

    /** The client asks for a watcher; creations are answered in their order. */
    void expect(boolean fragment) {
        expected.add(fragment);
    }

    private WatchAnswer begin(long watchId, long revision) {
        return shared.answer().begin(shared.headers().at(revision), watchId);
    }

    @Override
    public boolean hasRoom() {
        return outlet.hasRoom();
    }

    @Override
    public void created(long watchId, long revision) {
        if (Boolean.TRUE.equals(expected.poll())) {
            if (fragmenting == null) {
                fragmenting = new HashSet<>();
            }
            fragmenting.add(watchId);
        }
        control(begin(watchId, revision).created());
        answered.run();
    }

    @Override
    public void refused(String reason, long revision) {
        expected.poll();
        control(begin(NO_WATCHER, revision).created().canceled().reason(reason));
        answered.run();
    }

    @Override
    public void events(long watchId, EventList events, long revision) {
        List<byte[]> encoded = events.encoded();
        WatchAnswer answer = begin(watchId, revision).events(encoded, 0, encoded.size(), events.encodedBytes());
        if (fragmenting != null
                && fragmenting.contains(watchId)
                && encoded.size() > 1
                && answer.messageBytes() >= shared.answerBytesMax()) {
            sendInPieces(watchId, encoded, revision);
        } else {
            outlet.write(answer);
        }
    }

    /** Each piece has as many events as stay below the size, one at least; all but the last say that more follows. */
    private void sendInPieces(long watchId, List<byte[]> events, long revision) {
        for (int lo = 0; lo < events.size(); ) {
            long room = shared.answerBytesMax()
                    - begin(watchId, revision).fragment().messageBytes();
            int hi = lo;
            long bytes = 0;
            while (hi < events.size() && (hi == lo || bytes + events.get(hi).length < room)) {
                bytes += events.get(hi++).length;
            }
            WatchAnswer piece = begin(watchId, revision);
            if (hi < events.size()) {
                piece.fragment();
            }
            outlet.write(piece.events(events, lo, hi, bytes));
            lo = hi;
        }
    }

    @Override
    public void progress(long watchId, long revision) {
        long began = System.nanoTime();
        outlet.write(begin(watchId, revision));
        shared.listener().progressSent(System.nanoTime() - began);
    }

    @Override
    public void canceled(long watchId, long revision) {
        forget(watchId);
        control(begin(watchId, revision).canceled());
    }

    @Override
    public void compacted(long watchId, long compactRevision) {
        forget(watchId);
        control(begin(watchId, NO_REVISION).canceled().compactRevision(compactRevision));
    }

    private void control(WatchAnswer answer) {
        long began = System.nanoTime();
        outlet.write(answer);
        shared.listener().controlSent(System.nanoTime() - began);
    }

    private void forget(long watchId) {
        if (fragmenting != null) {
            fragmenting.remove(watchId);
        }
    }
}
