package dev.keelson.server.metrics;

import dev.keelson.server.http.HttpReply;
import dev.keelson.server.http.HttpRequest;
import dev.keelson.server.http.HttpRoute;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;

/**
 * Answers with everything that is counted and measured.
 *
 * <p>The text is written on a thread of its own, which lives while somebody asks: it reads files of the system, which an
 * event loop must not wait for. A server that is asked faster than it can answer says so.
 *
 * <p>Thread rule: any thread.
 */
public final class MetricsRoute implements HttpRoute, AutoCloseable {

    /** Requests that wait for the one that is being answered. */
    private static final int WAITING_MAX = 16;

    private static final long IDLE_SECONDS_MAX = 60;
    private static final int OK = 200;
    private static final int FAILED = 500;
    private static final int BUSY = 503;

    private final List<MetricSource> sources;
    private final LongAdder inFlight = new LongAdder();
    private final Labelled<LongAdder> answers = new Labelled<>(LongAdder::new);
    private final ThreadPoolExecutor writer = new ThreadPoolExecutor(
            1,
            1,
            IDLE_SECONDS_MAX,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(WAITING_MAX),
            Thread.ofPlatform().daemon().name("metrics").factory());

    public MetricsRoute(List<MetricSource> sources) {
        this.sources = List.copyOf(sources);
        writer.allowCoreThreadTimeOut(true);
        List.of(OK, FAILED, BUSY).forEach(this::counter);
    }

    @Override
    public void serve(HttpRequest request, Consumer<HttpReply> answer) {
        inFlight.increment();
        try {
            writer.execute(() -> finish(reply(), answer));
        } catch (RejectedExecutionException full) {
            finish(
                    HttpReply.text(
                            BUSY, "Limit of concurrent requests reached (" + WAITING_MAX + "), try again later."),
                    answer);
        }
    }

    private HttpReply reply() {
        try {
            byte[] text = text().getBytes(StandardCharsets.UTF_8);
            return new HttpReply(OK, Map.of("Content-Type", Exposition.CONTENT_TYPE), text, false);
        } catch (RuntimeException failure) {
            return HttpReply.text(FAILED, "An error has occurred while serving metrics:\n\n" + failure);
        }
    }

    private void finish(HttpReply reply, Consumer<HttpReply> answer) {
        inFlight.decrement();
        counter(reply.status()).increment();
        answer.accept(reply);
    }

    private LongAdder counter(int status) {
        return answers.with(Labels.of("code", Integer.toString(status)));
    }

    /** All figures as they are now. */
    public String text() {
        var out = new Exposition();
        sources.forEach(source -> source.collect(out));
        out.gauge("promhttp_metric_handler_requests_in_flight", "Requests for metrics under way.", inFlight.sum());
        out.counters(
                "promhttp_metric_handler_requests_total",
                "Requests for metrics, by the status of the answer.",
                answers);
        return out.text();
    }

    @Override
    public void close() {
        writer.shutdownNow();
    }
}
