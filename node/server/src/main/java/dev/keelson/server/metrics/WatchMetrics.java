package dev.keelson.server.metrics;

import dev.keelson.mvcc.watch.WatchCounts;
import dev.keelson.server.grpc.AnswerListener;
import java.util.concurrent.atomic.LongAdder;

/**
 * Measures what watches are sent. Answers leave many at a time, past gRPC; each such turn is what is timed.
 *
 * <p>Thread rule: any thread.
 */
public final class WatchMetrics implements AnswerListener {

    private final LongAdder messages = new LongAdder();
    private final LongAdder bytes = new LongAdder();
    private final Histogram turns = ofTurns();
    private final Histogram turnsPerEvent = ofTurns();
    private final Histogram controls = ofTurns();
    private final Histogram progresses = ofTurns();

    private static Histogram ofTurns() {
        return Histogram.ofSeconds(0.001, 14);
    }

    @Override
    public void sent(long sentMessages, long events, long sentBytes, long tookNanos) {
        messages.add(sentMessages);
        bytes.add(sentBytes);
        if (events > 0) {
            turns.record(tookNanos);
            turnsPerEvent.record(tookNanos / events);
        }
    }

    @Override
    public void controlSent(long tookNanos) {
        controls.record(tookNanos);
    }

    @Override
    public void progressSent(long tookNanos) {
        progresses.record(tookNanos);
    }

    /** Messages that gRPC has not seen. */
    long messages() {
        return messages.sum();
    }

    /** Their bytes. */
    long bytes() {
        return bytes.sum();
    }

    /** @param counts what the engine counts of those who watch */
    public void collect(WatchCounts counts, Exposition out) {
        out.gauge("etcd_debugging_mvcc_watch_stream_total", "Streams of watches that are open.", counts.streams());
        out.gauge("etcd_debugging_mvcc_watcher_total", "Watchers of all streams.", counts.watchers());
        out.gauge(
                "etcd_debugging_mvcc_slow_watcher_total",
                "Watchers that have not been told everything yet.",
                counts.laggingWatchers());
        out.gauge(
                "etcd_debugging_mvcc_pending_events_total",
                "Revisions that slow watchers have still to hear of, all together.",
                counts.pendingRevisions());
        out.counter("etcd_debugging_mvcc_events_total", "Events handed over, once for each watcher.", (double)
                counts.deliveredEvents());
        String loop = "etcd_debugging_server_watch_send_loop_";
        out.histogram(loop + "watch_stream_duration_seconds", "How long answers with events took to be sent.", turns);
        out.histogram(
                loop + "watch_stream_duration_per_event_seconds",
                "The same, divided by the number of their events.",
                turnsPerEvent);
        out.histogram(
                loop + "control_stream_duration_seconds",
                "How long answers about watchers' beginnings and ends took to be gathered.",
                controls);
        out.histogram(
                loop + "progress_duration_seconds", "How long notices of progress took to be gathered.", progresses);
    }
}
