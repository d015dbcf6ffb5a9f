package dev.keelson.engine.lease;

import dev.keelson.engine.Reply;
import dev.keelson.mvcc.StoreError;
import dev.keelson.mvcc.StoreException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Renewals of leases whose end is decided and not carried out yet; they hear of it, of a change of leader or of their
 * time-out, whatever comes first.
 *
 * <p>Thread rule: any thread; replies are called without the lock.
 */
final class RevokeWaits {

    private final Map<Long, List<Wait>> waits = new HashMap<>();

    /** A renewal that waits. */
    record Wait(long lease, long deadlineTick, Reply<Long> reply) {}

    synchronized void add(Wait wait) {
        waits.computeIfAbsent(wait.lease(), _ -> new ArrayList<>(1)).add(wait);
    }

    /** Whether it still waited. */
    boolean remove(Wait wait) {
        return !take(each -> each.equals(wait)).isEmpty();
    }

    void revoked(long lease) {
        List<Wait> ended;
        synchronized (this) {
            ended = waits.remove(lease);
        }
        if (ended != null) {
            ended.forEach(wait -> wait.reply().succeed(LeaderLeases.NO_LEASE));
        }
    }

    void demoted() {
        fail(_ -> true, StoreError.LEADER_CHANGED);
    }

    void expire(long tick) {
        fail(wait -> wait.deadlineTick() <= tick, StoreError.TIMEOUT);
    }

    private void fail(Predicate<Wait> condition, StoreError error) {
        take(condition).forEach(wait -> wait.reply().fail(new StoreException(error)));
    }

    private synchronized List<Wait> take(Predicate<Wait> condition) {
        if (waits.isEmpty()) {
            return List.of();
        }
        var taken = new ArrayList<Wait>();
        waits.values().forEach(each -> each.removeIf(wait -> condition.test(wait) && taken.add(wait)));
        waits.values().removeIf(List::isEmpty);
        return taken;
    }
}
