package dev.keelson.engine.lease;

import java.util.concurrent.atomic.LongAdder;

/**
 * What has happened to leases since this member started.
 *
 * <p>Thread rule: any thread.
 */
final class LeaseCounters {

    final LongAdder granted = new LongAdder();
    final LongAdder revoked = new LongAdder();
    final LongAdder renewed = new LongAdder();
    final LongAdder expired = new LongAdder();
}
