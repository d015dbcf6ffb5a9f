package dev.keelson.server.member;

import dev.keelson.engine.RequestKind;
import dev.keelson.server.metrics.DiskMetrics;
import dev.keelson.server.metrics.HealthMetrics;
import dev.keelson.server.metrics.LeaderChanges;
import dev.keelson.server.metrics.PeerMetrics;
import dev.keelson.server.metrics.RequestMetrics;
import dev.keelson.server.metrics.WatchMetrics;
import java.util.concurrent.TimeUnit;

/** Where the parts of a member count and measure. */
record MemberFigures(
        RequestMetrics requests,
        DiskMetrics disk,
        PeerMetrics peers,
        WatchMetrics watches,
        HealthMetrics health,
        LeaderChanges leaders) {

    static MemberFigures of(MemberConfig config, MemberEvents events) {
        return new MemberFigures(
                new RequestMetrics(config.observation().slowApplyMillis(), new LogLines(events)),
                new DiskMetrics(),
                new PeerMetrics(config.self().id(), config.timing().tickMillis()),
                new WatchMetrics(),
                new HealthMetrics(),
                new LeaderChanges());
    }

    /** What of it is worth a line in the log. */
    private record LogLines(MemberEvents events) implements RequestMetrics.Listener {

        @Override
        public void appliedSlowly(RequestKind kind, long tookNanos) {
            events.warn("apply request took too long", "request", kind.word(), "took", millis(tookNanos));
        }

        @Override
        public void compacted(long revision, long tookNanos) {
            events.info("finished scheduled compaction", "compact-revision", revision, "took", millis(tookNanos));
        }

        private static String millis(long nanos) {
            return TimeUnit.NANOSECONDS.toMillis(nanos) + "ms";
        }
    }
}
