package dev.keelson.server.cli;

import dev.keelson.api.etcd.LeaseGrantRequest;
import dev.keelson.api.etcd.LeaseGrantResponse;
import java.util.concurrent.CompletableFuture;

/**
 * A lease that is kept alive for as long as this process wants it.
 *
 * <p>Thread rule: renewals run on a thread of their own.
 */
final class Session implements AutoCloseable {

    private static final int DEFAULT_SECONDS = 60;

    private final long lease;
    private final LeaseKeeper keeper;
    private final CompletableFuture<Void> ended = new CompletableFuture<>();

    private Session(Connection connection, LeaseGrantResponse granted) {
        lease = granted.getID();
        keeper = new LeaseKeeper(connection, lease, granted.getTTL());
    }

    /** @param seconds how long the lease lives without a renewal; 0 or less for a minute */
    static Session open(Connection connection, int seconds) {
        LeaseGrantRequest request = LeaseGrantRequest.newBuilder()
                .setTTL(seconds > 0 ? seconds : DEFAULT_SECONDS)
                .build();
        var session =
                new Session(connection, connection.ask(member -> member.lease().leaseGrant(request)));
        Thread.ofPlatform().daemon().name("session").start(session::keep);
        return session;
    }

    private void keep() {
        try {
            keeper.run(_ -> {});
        } catch (InterruptedException ending) {
            Thread.currentThread().interrupt();
        } finally {
            ended.complete(null);
        }
    }

    long lease() {
        return lease;
    }

    /** Completes when the lease is not kept alive any more, or has ended. */
    CompletableFuture<Void> ended() {
        return ended;
    }

    /** Leaves the lease to end by itself. */
    @Override
    public void close() {
        keeper.stop();
    }
}
