package dev.keelson.server.cli;

import dev.keelson.backup.store.Progress;
import java.io.Console;
import java.io.PrintStream;
import java.util.Locale;
import java.util.function.LongSupplier;

/**
 * Shows how far a transfer is: on a terminal as a bar with bytes, rate and time left, elsewhere as one line at its end and
 * one every ten seconds.
 *
 * <p>Thread rule: one thread.
 */
final class ProgressBar implements Progress {

    private static final long BAR_EVERY_NANOS = 100_000_000L;
    private static final long LINE_EVERY_NANOS = 10_000_000_000L;
    private static final int CELLS = 24;
    private static final double NANOS_PER_SECOND = 1e9;
    private static final String CLEAR_LINE = "\r\u001b[K";

    private final PrintStream out;
    private final boolean terminal;
    private final LongSupplier nanos;
    private String caption = "";
    private long total;
    private long done;
    private long begunAt;
    private long shownAt;
    private boolean running;

    ProgressBar(PrintStream out, boolean terminal, LongSupplier nanos) {
        this.out = out;
        this.terminal = terminal;
        this.nanos = nanos;
    }

    /** On standard error, which is a terminal or not. */
    static ProgressBar onStandardError() {
        Console console = System.console();
        boolean terminal = console != null && console.isTerminal();
        return new ProgressBar(System.err, terminal, System::nanoTime);
    }

    @Override
    public void begin(String what, long bytes) {
        end();
        caption = what;
        total = bytes;
        done = 0;
        begunAt = nanos.getAsLong();
        shownAt = begunAt;
        running = true;
    }

    @Override
    public void moved(long bytes) {
        done += bytes;
        long now = nanos.getAsLong();
        if (running && now - shownAt >= (terminal ? BAR_EVERY_NANOS : LINE_EVERY_NANOS)) {
            shownAt = now;
            out.print(terminal ? CLEAR_LINE + bar(now) : line(now) + System.lineSeparator());
            out.flush();
        }
    }

    @Override
    public void end() {
        if (running) {
            running = false;
            out.print((terminal ? CLEAR_LINE : "") + line(nanos.getAsLong()) + System.lineSeparator());
            out.flush();
        }
    }

    private String bar(long now) {
        if (total <= 0) {
            return line(now);
        }
        int filled = (int) Math.min(CELLS, CELLS * done / total);
        return "%s [%s%s] %d%% %s, %s left"
                .formatted(
                        caption,
                        "#".repeat(filled),
                        ".".repeat(CELLS - filled),
                        Math.min(100, 100 * done / total),
                        amounts(now),
                        left(now));
    }

    private String line(long now) {
        return caption + " " + amounts(now) + (running && total > 0 ? ", " + left(now) + " left" : "");
    }

    private String amounts(long now) {
        String of = running && total > 0 ? " of " + GoText.size(total) : "";
        return GoText.size(done) + of + ", " + GoText.size((long) rate(now)) + "/s";
    }

    private double rate(long now) {
        return done / Math.max((now - begunAt) / NANOS_PER_SECOND, 1e-3);
    }

    private String left(long now) {
        double seconds = done == 0 ? 0 : (total - done) / rate(now);
        long whole = (long) Math.ceil(Math.max(0, seconds));
        return String.format(Locale.ROOT, "%d:%02d", whole / 60, whole % 60);
    }
}
