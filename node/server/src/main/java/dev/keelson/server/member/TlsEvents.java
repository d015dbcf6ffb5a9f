package dev.keelson.server.member;

import dev.keelson.server.tls.TlsConfig;
import dev.keelson.server.tls.TlsListener;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Turns what TLS says into log lines, at most one a second about connections of one side: anybody can open them.
 *
 * <p>Thread rule: any thread.
 */
final class TlsEvents implements TlsListener {

    private static final long NANOS_BETWEEN_LINES = TimeUnit.SECONDS.toNanos(1);

    private final MemberEvents events;
    private final LongSupplier nanoTime;
    private final Pace[] paces;

    /** When the last line was written, and what was left out since. */
    private static final class Pace {
        private long lastNanos;
        private long leftOut;
        private boolean begun;
    }

    TlsEvents(MemberEvents events, LongSupplier nanoTime) {
        this.events = events;
        this.nanoTime = nanoTime;
        this.paces = new Pace[TlsConfig.Side.values().length];
        for (int i = 0; i < paces.length; i++) {
            paces[i] = new Pace();
        }
    }

    @Override
    public void reloaded(TlsConfig.Side side) {
        events.info("took new TLS files", "endpoint", side.label());
    }

    @Override
    public void notReloaded(TlsConfig.Side side, String reason) {
        events.warn("kept the former TLS files", "endpoint", side.label(), "error", reason);
    }

    @Override
    public void refused(TlsConfig.Side side, String remoteAddress, String reason) {
        Pace pace = paces[side.ordinal()];
        long leftOut;
        synchronized (pace) {
            long now = nanoTime.getAsLong();
            if (pace.begun && now - pace.lastNanos < NANOS_BETWEEN_LINES) {
                pace.leftOut++;
                return;
            }
            pace.begun = true;
            pace.lastNanos = now;
            leftOut = pace.leftOut;
            pace.leftOut = 0;
        }
        events.warn(
                "rejected connection on " + side.label() + " endpoint",
                "remote-addr",
                remoteAddress.startsWith("/") ? remoteAddress.substring(1) : remoteAddress,
                "error",
                reason,
                "left-out",
                leftOut);
    }
}
