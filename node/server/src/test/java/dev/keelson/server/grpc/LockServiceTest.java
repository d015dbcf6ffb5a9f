package dev.keelson.server.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.ByteString;
import dev.keelson.api.etcd.CompactionRequest;
import dev.keelson.api.etcd.KVGrpc;
import dev.keelson.api.etcd.LeaseGrantRequest;
import dev.keelson.api.etcd.LeaseGrpc;
import dev.keelson.api.etcd.LeaseRevokeRequest;
import dev.keelson.api.etcd.LeaseTimeToLiveRequest;
import dev.keelson.api.etcd.PutRequest;
import dev.keelson.api.etcd.RangeRequest;
import dev.keelson.api.lock.LockGrpc;
import dev.keelson.api.lock.LockRequest;
import dev.keelson.api.lock.LockResponse;
import dev.keelson.api.lock.UnlockRequest;
import dev.keelson.api.mvcc.KeyValue;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

/** Every expectation here is what etcd 3.7.1 answered to the same. */
final class LockServiceTest {

    private static final long LONG_SECONDS = 600;
    private static final int CLIENTS = 8;
    private static final int TURNS = 20;

    @TempDir
    static Path directory;

    private static ServedMember member;
    private static KVGrpc.KVBlockingStub kv;
    private static LeaseGrpc.LeaseBlockingStub leases;
    private static LockGrpc.LockBlockingStub locks;

    @BeforeAll
    static void start() throws Exception {
        member = new ServedMember(directory.resolve("data"));
        kv = KVGrpc.newBlockingStub(member.channel);
        leases = LeaseGrpc.newBlockingStub(member.channel);
        locks = LockGrpc.newBlockingStub(member.channel);
    }

    @AfterAll
    static void stop() {
        member.close();
    }

    private static long grant() {
        return leases.leaseGrant(
                        LeaseGrantRequest.newBuilder().setTTL(LONG_SECONDS).build())
                .getID();
    }

    private static void revoke(long lease) {
        leases.leaseRevoke(LeaseRevokeRequest.newBuilder().setID(lease).build());
    }

    private static LockRequest request(String name, long lease) {
        return LockRequest.newBuilder()
                .setName(ByteString.copyFromUtf8(name))
                .setLease(lease)
                .build();
    }

    private static Answers<LockRequest, LockResponse> lock(String name, long lease) {
        var answers = new Answers<LockRequest, LockResponse>(true);
        LockGrpc.newStub(member.channel).lock(request(name, lease), answers);
        return answers;
    }

    /** Begins to wait for a lock that somebody holds, and returns once it is in the queue. */
    private static Answers<LockRequest, LockResponse> queue(String name, long lease) {
        int before = keys(name).size();
        Answers<LockRequest, LockResponse> answers = lock(name, lease);
        awaitKeys(name, before + 1);
        return answers;
    }

    private static long unlock(ByteString key) {
        return locks.unlock(UnlockRequest.newBuilder().setKey(key).build())
                .getHeader()
                .getRevision();
    }

    private static List<KeyValue> keys(String name) {
        return kv.range(RangeRequest.newBuilder()
                        .setKey(ByteString.copyFromUtf8(name + "/"))
                        .setRangeEnd(ByteString.copyFromUtf8(name + "0"))
                        .build())
                .getKvsList();
    }

    private static void awaitKeys(String name, int count) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (keys(name).size() != count) {
            assertThat(System.nanoTime()).as("keys of %s", name).isLessThan(deadline);
        }
    }

    private static ByteString key(String name, long lease) {
        return ByteString.copyFromUtf8(name + "/" + Long.toHexString(lease));
    }

    private static void refuses(Runnable call, String text) {
        var refused = catchThrowableOfType(StatusRuntimeException.class, call::run);
        assertThat(refused).isNotNull();
        assertThat(refused.getStatus().getDescription()).isEqualTo(text);
        assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.UNKNOWN);
    }

    @Test
    void aFreeLockIsAnEmptyKeyThatLivesByTheLease(TestInfo test) {
        String name = test.getDisplayName();
        long lease = grant();

        LockResponse answer = locks.lock(request(name, lease));

        KeyValue held = keys(name).getFirst();
        assertThat(answer.getKey()).isEqualTo(key(name, lease)).isEqualTo(held.getKey());
        assertThat(answer.getHeader().getRevision()).isEqualTo(held.getCreateRevision());
        assertThat(answer.getHeader().getMemberId()).isNotZero();
        assertThat(held.getValue().isEmpty()).isTrue();
        assertThat(held.getLease()).isEqualTo(lease);
    }

    @Test
    void withoutALeaseTheLockLivesByANewOneOfAMinute(TestInfo test) {
        String name = test.getDisplayName();

        LockResponse answer = locks.lock(request(name, 0));

        long lease = keys(name).getFirst().getLease();
        assertThat(answer.getKey()).isEqualTo(key(name, lease));
        assertThat(leases.leaseTimeToLive(
                                LeaseTimeToLiveRequest.newBuilder().setID(lease).build())
                        .getGrantedTTL())
                .isEqualTo(60);
    }

    @Test
    void whoHoldsTheLockGetsItAgain(TestInfo test) {
        String name = test.getDisplayName();
        long lease = grant();
        LockResponse first = locks.lock(request(name, lease));

        assertThat(locks.lock(request(name, lease))).isEqualTo(first);
    }

    @Test
    void theLockPassesFromOneToTheNextInTheOrderTheyCame(TestInfo test) throws Exception {
        String name = test.getDisplayName();
        ByteString held = locks.lock(request(name, grant())).getKey();
        List<Answers<LockRequest, LockResponse>> waiting = new ArrayList<>();
        for (int client = 0; client < CLIENTS; client++) {
            waiting.add(queue(name, grant()));
        }

        for (int client = 0; client < CLIENTS; client++) {
            assertThat(waiting.subList(client, CLIENTS)).allMatch(Answers::isSilent);
            long unlocked = unlock(held);
            LockResponse next = waiting.get(client).next();
            assertThat(next.getHeader().getRevision()).isEqualTo(unlocked);
            assertThat(waiting.get(client).end().isOk()).isTrue();
            held = next.getKey();
        }
        unlock(held);
        assertThat(keys(name)).isEmpty();
    }

    @Test
    void neverDoTwoHoldTheLockAtOnce(TestInfo test) throws Exception {
        String name = test.getDisplayName();
        var holders = new AtomicInteger();
        var turns = new AtomicInteger();
        var most = new AtomicInteger();
        List<Thread> clients = new ArrayList<>();
        for (int client = 0; client < CLIENTS; client++) {
            long lease = grant();
            clients.add(Thread.ofVirtual().start(() -> {
                for (int turn = 0; turn < TURNS; turn++) {
                    ByteString held = locks.lock(request(name, lease)).getKey();
                    most.accumulateAndGet(holders.incrementAndGet(), Math::max);
                    turns.incrementAndGet();
                    holders.decrementAndGet();
                    unlock(held);
                }
            }));
        }
        for (Thread client : clients) {
            client.join(Duration.ofSeconds(60));
        }

        assertThat(turns.get()).isEqualTo(CLIENTS * TURNS);
        assertThat(most.get()).isEqualTo(1);
        assertThat(keys(name)).isEmpty();
    }

    @Test
    void theLockOfALeaseThatEndsIsFree(TestInfo test) throws Exception {
        String name = test.getDisplayName();
        long lease = grant();
        locks.lock(request(name, lease));
        Answers<LockRequest, LockResponse> waiting = queue(name, grant());

        revoke(lease);

        assertThat(waiting.next().getKey()).isEqualTo(keys(name).getFirst().getKey());
    }

    @Test
    void oneThatIsCancelledLeavesTheQueueAndNobodyNoticesButItself(TestInfo test) throws Exception {
        String name = test.getDisplayName();
        ByteString held = locks.lock(request(name, grant())).getKey();
        Answers<LockRequest, LockResponse> leaving = queue(name, grant());
        Answers<LockRequest, LockResponse> last = queue(name, grant());

        leaving.cancel();
        awaitKeys(name, 2);

        assertThat(last.isSilent()).isTrue();
        unlock(held);
        assertThat(last.next().getKey()).isEqualTo(keys(name).getFirst().getKey());
    }

    @Test
    void oneWhoseTimeIsUpLeavesTheQueue(TestInfo test) {
        String name = test.getDisplayName();
        locks.lock(request(name, grant()));

        var refused = catchThrowableOfType(
                StatusRuntimeException.class,
                () -> locks.withDeadlineAfter(300, TimeUnit.MILLISECONDS).lock(request(name, grant())));

        assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
        awaitKeys(name, 1);
    }

    @Test
    void oneWhoseLeaseEndedInTheQueueDoesNotGetTheLock(TestInfo test) throws Exception {
        String name = test.getDisplayName();
        ByteString held = locks.lock(request(name, grant())).getKey();
        long lease = grant();
        Answers<LockRequest, LockResponse> waiting = queue(name, lease);

        revoke(lease);
        unlock(held);

        Status end = waiting.end();
        assertThat(end.getCode()).isEqualTo(Status.Code.UNKNOWN);
        assertThat(end.getDescription()).isEqualTo("mutex: session is expired");
        assertThat(keys(name)).isEmpty();
    }

    @Test
    void aCompactionDoesNotDisturbThoseThatWait(TestInfo test) throws Exception {
        String name = test.getDisplayName();
        ByteString held = locks.lock(request(name, grant())).getKey();
        Answers<LockRequest, LockResponse> waiting = queue(name, grant());
        long revision = 0;
        for (int write = 0; write < 3; write++) {
            revision = kv.put(PutRequest.newBuilder()
                            .setKey(ByteString.copyFromUtf8(name))
                            .build())
                    .getHeader()
                    .getRevision();
        }

        kv.compact(CompactionRequest.newBuilder().setRevision(revision).build());
        unlock(held);

        assertThat(waiting.next().getKey()).isEqualTo(keys(name).getFirst().getKey());
    }

    @Test
    void locksWithAPrefixInCommonAreDifferentLocks(TestInfo test) {
        String name = test.getDisplayName();

        locks.lock(request(name, grant()));

        assertThat(locks.lock(request(name + "0", grant())).getKey().toStringUtf8())
                .startsWith(name + "0/");
        assertThat(locks.lock(request("", grant())).getKey().toStringUtf8()).startsWith("/");
    }

    @Test
    void refusalsHaveEtcdsWordsAndNoCode(TestInfo test) {
        refuses(() -> locks.lock(request(test.getDisplayName(), 4_242)), "etcdserver: requested lease not found");
        refuses(() -> unlock(ByteString.EMPTY), "etcdserver: key is not provided");
    }

    @Test
    void unlockingWhatIsNotLockedIsNoFailure(TestInfo test) {
        long revision = kv.put(PutRequest.newBuilder()
                        .setKey(ByteString.copyFromUtf8(test.getDisplayName()))
                        .build())
                .getHeader()
                .getRevision();

        assertThat(unlock(ByteString.copyFromUtf8("missing"))).isEqualTo(revision);
    }
}
