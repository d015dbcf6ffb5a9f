package dev.keelson.server.metrics;

import dev.keelson.engine.NodeEngine;
import dev.keelson.engine.lease.Leases;

/** What a member counts of leases, read off the engine when somebody asks. */
public final class LeaseMetrics implements MetricSource {

    private final NodeEngine engine;

    public LeaseMetrics(NodeEngine engine) {
        this.engine = engine;
    }

    @Override
    public void collect(Exposition out) {
        Leases leases = engine.leases();
        out.counter("etcd_debugging_lease_granted_total", "Leases that were granted.", leases.grantedTotal());
        out.counter("etcd_debugging_lease_revoked_total", "Leases that were ended.", leases.revokedTotal());
        out.counter("etcd_debugging_lease_renewed_total", "Leases that this leader renewed.", leases.renewedTotal());
        out.counter(
                "etcd_debugging_server_lease_expired_total",
                "Leases that this leader saw run out.",
                leases.expiredTotal());
    }
}
