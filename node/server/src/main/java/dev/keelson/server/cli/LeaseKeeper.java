package dev.keelson.server.cli;

import dev.keelson.api.etcd.LeaseKeepAliveResponse;
import io.grpc.StatusRuntimeException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Keeps a lease alive until it is known, or must be feared, to have ended: renewals come after a third of its time each;
 * one that fails is tried again, with any member that can be reached.
 *
 * <p>Thread rule: {@link #run} on a thread of its own; {@link #stop} from any.
 */
final class LeaseKeeper {

    /** How long the first renewal may fail when nobody has said how long the lease lives. */
    private static final long FIRST_SECONDS_MAX = 3;

    private static final long RETRY_MILLIS = 500;
    private static final int RENEWALS_PER_LIFE = 3;

    private final Connection connection;
    private final long lease;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private long deadlineNanos;

    /** @param seconds how long the lease lives from now on; 0 when that is not known yet */
    LeaseKeeper(Connection connection, long lease, long seconds) {
        this.connection = connection;
        this.lease = lease;
        this.deadlineNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds > 0 ? seconds : FIRST_SECONDS_MAX);
    }

    /** Returns when the lease has ended, or after {@link #stop}. */
    void run(Consumer<LeaseKeepAliveResponse> renewed) throws InterruptedException {
        long restMillis = 0;
        while (!stopped.await(restMillis, TimeUnit.MILLISECONDS)) {
            try {
                LeaseKeepAliveResponse answer = connection.ask(member -> Renewal.of(member, lease));
                if (answer.getTTL() <= 0) {
                    return;
                }
                long lifeMillis = TimeUnit.SECONDS.toMillis(answer.getTTL());
                deadlineNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(lifeMillis);
                restMillis = lifeMillis / RENEWALS_PER_LIFE;
                renewed.accept(answer);
            } catch (StatusRuntimeException failure) {
                if (System.nanoTime() - deadlineNanos >= 0) {
                    return;
                }
                restMillis = RETRY_MILLIS;
            }
        }
    }

    void stop() {
        stopped.countDown();
    }
}
