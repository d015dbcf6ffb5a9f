import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.Client;
import io.etcd.jetcd.KV;
import io.etcd.jetcd.kv.TxnResponse;
import io.etcd.jetcd.lease.LeaseKeepAliveResponse;
import io.etcd.jetcd.op.Cmp;
import io.etcd.jetcd.op.CmpTarget;
import io.etcd.jetcd.op.Op;
import io.etcd.jetcd.options.PutOption;
import io.grpc.stub.StreamObserver;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/*
 * A distributed lock with fencing: one at a time counts, and who has lost the lock without noticing changes nothing.
 *
 *   java FencedLock.java http://a:2379,http://b:2379
 *
 * A lock alone does not protect what it guards: its holder may sleep through the end of its lease and go on. So the
 * holder takes a token that grows from holder to holder, the revision at which its place in the line was created, and
 * the guarded thing refuses every token below the highest that it has seen. A new holder shows its token before it looks
 * at anything: from then on nobody before it can change what it has seen.
 */
static final ByteSequence LOCK = bytes("fenced/lock");
static final ByteSequence TOKEN = bytes("fenced/token");
static final ByteSequence COUNT = bytes("fenced/count");
static final long TTL_SECONDS = 5;
static final long ANSWER_SECONDS = 10;

void main(String[] args) throws InterruptedException {
    try (Client client = Client.builder().endpoints(args[0].split(",")).build()) {
        while (true) {
            try {
                countOnce(client);
            } catch (ExecutionException | TimeoutException failure) {
                IO.println("unknown, after " + failure);
            }
        }
    }
}

void countOnce(Client client) throws InterruptedException, ExecutionException, TimeoutException {
    long lease = get(client.getLeaseClient().grant(TTL_SECONDS)).getID();
    try (var keeping = client.getLeaseClient().keepAlive(lease, ignoring())) {
        ByteSequence place = get(client.getLockClient().lock(LOCK, lease)).getKey();
        KV kv = client.getKVClient();
        var holder = get(kv.get(place)).getKvs();
        if (holder.isEmpty()) {
            return;
        }
        ByteSequence token = bytes("%020d".formatted(holder.getFirst().getCreateRevision()));
        if (!showToken(kv, token)) {
            return;
        }
        var before = get(kv.get(COUNT)).getKvs();
        long count = before.isEmpty() ? 1 : 1 + Long.parseLong(before.getFirst().getValue().toString());
        boolean counted = ifStill(kv, token, Op.put(COUNT, bytes("" + count), PutOption.DEFAULT));
        IO.println((counted ? "counted " : "too late for ") + count + " " + Long.parseLong(token.toString()));
    } finally {
        // Gives the lock back with all else that the lease holds; where that fails, it ends by itself.
        client.getLeaseClient().revoke(lease);
    }
}

/** The guarded thing remembers the highest token. */
boolean showToken(KV kv, ByteSequence token) throws InterruptedException, ExecutionException, TimeoutException {
    get(kv.txn()
            .If(new Cmp(TOKEN, Cmp.Op.EQUAL, CmpTarget.createRevision(0)))
            .Then(Op.put(TOKEN, bytes("%020d".formatted(0)), PutOption.DEFAULT))
            .commit());
    TxnResponse shown = get(kv.txn()
            .If(new Cmp(TOKEN, Cmp.Op.LESS, CmpTarget.value(token)))
            .Then(Op.put(TOKEN, token, PutOption.DEFAULT))
            .commit());
    return shown.isSucceeded();
}

boolean ifStill(KV kv, ByteSequence token, Op change)
        throws InterruptedException, ExecutionException, TimeoutException {
    return get(kv.txn()
                    .If(new Cmp(TOKEN, Cmp.Op.EQUAL, CmpTarget.value(token)))
                    .Then(change)
                    .commit())
            .isSucceeded();
}

<T> T get(CompletableFuture<T> answer) throws InterruptedException, ExecutionException, TimeoutException {
    return answer.get(ANSWER_SECONDS, TimeUnit.SECONDS);
}

/** That the lease has ended shows in the token. */
StreamObserver<LeaseKeepAliveResponse> ignoring() {
    return new StreamObserver<>() {
        @Override
        public void onNext(LeaseKeepAliveResponse renewed) {}

        @Override
        public void onError(Throwable failure) {}

        @Override
        public void onCompleted() {}
    };
}

static ByteSequence bytes(String text) {
    return ByteSequence.from(text, StandardCharsets.UTF_8);
}
