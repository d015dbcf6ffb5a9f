import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.Client;
import io.etcd.jetcd.KeyValue;
import io.etcd.jetcd.Lease;
import io.etcd.jetcd.lease.LeaseKeepAliveResponse;
import io.etcd.jetcd.options.GetOption;
import io.etcd.jetcd.options.LeaseOption;
import io.etcd.jetcd.options.PutOption;
import io.etcd.jetcd.options.WatchOption;
import io.etcd.jetcd.watch.WatchEvent;
import io.grpc.stub.StreamObserver;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/*
 * Service discovery: an instance is known for as long as it lives, and not much longer.
 *
 *   java ServiceDiscovery.java register http://a:2379,http://b:2379 NAME ADDRESS
 *   java ServiceDiscovery.java discover http://a:2379,http://b:2379
 *
 * An instance puts its address under a lease and keeps that alive. When it dies, nobody renews the lease, and the key
 * goes with it. Who wants to know reads all of them at one revision and watches from the next.
 */
static final ByteSequence SERVICES = bytes("services/");
static final long TTL_SECONDS = 3;
static final long ANSWER_SECONDS = 10;

void main(String[] args) throws InterruptedException {
    try (Client client = Client.builder().endpoints(args[1].split(",")).build()) {
        if (args[0].equals("register")) {
            register(client, bytes("services/" + args[2]), bytes(args[3]));
        } else {
            discover(client);
        }
    }
}

/** Registers again whenever the lease is gone: the machine slept, or no member could be reached for longer than it. */
void register(Client client, ByteSequence name, ByteSequence address) throws InterruptedException {
    Lease leases = client.getLeaseClient();
    while (true) {
        try {
            long lease = leases.grant(TTL_SECONDS).get(ANSWER_SECONDS, TimeUnit.SECONDS).getID();
            var ended = new CountDownLatch(1);
            try (var keeping = leases.keepAlive(lease, whenItEnds(ended))) {
                client.getKVClient()
                        .put(name, address, PutOption.builder().withLeaseId(lease).build())
                        .get(ANSWER_SECONDS, TimeUnit.SECONDS);
                IO.println("registered " + name);
                while (!ended.await(TTL_SECONDS, TimeUnit.SECONDS) && isThere(leases, lease)) {}
            }
        } catch (ExecutionException | TimeoutException failure) {
            IO.println("again, after " + failure);
        }
    }
}

boolean isThere(Lease leases, long lease) throws InterruptedException, ExecutionException, TimeoutException {
    return leases.timeToLive(lease, LeaseOption.DEFAULT).get(ANSWER_SECONDS, TimeUnit.SECONDS).getTTL() > 0;
}

void discover(Client client) throws InterruptedException {
    while (true) {
        try {
            var all = client.getKVClient()
                    .get(SERVICES, GetOption.builder().isPrefix(true).build())
                    .get(ANSWER_SECONDS, TimeUnit.SECONDS);
            IO.println("all");
            all.getKvs().forEach(this::up);
            var ended = new CountDownLatch(1);
            var next = WatchOption.builder()
                    .isPrefix(true)
                    .withRevision(all.getHeader().getRevision() + 1)
                    .build();
            try (var watcher = client.getWatchClient()
                    .watch(SERVICES, next, answer -> answer.getEvents().forEach(this::tell), _ -> ended.countDown())) {
                // The client resumes a watch by itself; what ends it is that its revision was compacted meanwhile.
                ended.await();
            }
        } catch (ExecutionException | TimeoutException failure) {
            IO.println("again, after " + failure);
        }
    }
}

void tell(WatchEvent event) {
    if (event.getEventType() == WatchEvent.EventType.DELETE) {
        IO.println("down " + event.getKeyValue().getKey());
    } else {
        up(event.getKeyValue());
    }
}

void up(KeyValue service) {
    IO.println("up " + service.getKey() + " " + service.getValue());
}

StreamObserver<LeaseKeepAliveResponse> whenItEnds(CountDownLatch ended) {
    return new StreamObserver<>() {
        @Override
        public void onNext(LeaseKeepAliveResponse renewed) {}

        @Override
        public void onError(Throwable failure) {
            ended.countDown();
        }

        @Override
        public void onCompleted() {
            ended.countDown();
        }
    };
}

static ByteSequence bytes(String text) {
    return ByteSequence.from(text, StandardCharsets.UTF_8);
}
