package dev.keelson.server.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.ByteString;
import dev.keelson.api.etcd.KVGrpc;
import dev.keelson.api.etcd.LeaseGrantRequest;
import dev.keelson.api.etcd.LeaseGrantResponse;
import dev.keelson.api.etcd.LeaseGrpc;
import dev.keelson.api.etcd.LeaseKeepAliveRequest;
import dev.keelson.api.etcd.LeaseKeepAliveResponse;
import dev.keelson.api.etcd.LeaseLeasesRequest;
import dev.keelson.api.etcd.LeaseLeasesResponse;
import dev.keelson.api.etcd.LeaseRevokeRequest;
import dev.keelson.api.etcd.LeaseRevokeResponse;
import dev.keelson.api.etcd.LeaseStatus;
import dev.keelson.api.etcd.LeaseTimeToLiveRequest;
import dev.keelson.api.etcd.LeaseTimeToLiveResponse;
import dev.keelson.api.etcd.PutRequest;
import dev.keelson.api.etcd.RangeRequest;
import dev.keelson.api.etcd.ResponseHeader;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

/** Every expectation here is what etcd 3.7.1 answered to the same. */
final class LeaseServiceTest {

    private static final long LONG_SECONDS = 600;
    private static final long NONE = 12_345;

    private static final AtomicLong ids = new AtomicLong(1_000);

    @TempDir
    static Path directory;

    private static ServedMember member;
    private static KVGrpc.KVBlockingStub kv;
    private static LeaseGrpc.LeaseBlockingStub leases;

    @BeforeAll
    static void start() throws Exception {
        member = new ServedMember(directory.resolve("data"));
        kv = KVGrpc.newBlockingStub(member.channel);
        leases = LeaseGrpc.newBlockingStub(member.channel);
    }

    @AfterAll
    static void stop() {
        member.close();
    }

    private static LeaseGrantResponse grant(long id, long seconds) {
        return leases.leaseGrant(
                LeaseGrantRequest.newBuilder().setID(id).setTTL(seconds).build());
    }

    private static LeaseRevokeResponse revoke(long id) {
        return leases.leaseRevoke(LeaseRevokeRequest.newBuilder().setID(id).build());
    }

    private static LeaseTimeToLiveResponse timeToLive(long id) {
        return leases.leaseTimeToLive(
                LeaseTimeToLiveRequest.newBuilder().setID(id).setKeys(true).build());
    }

    private static LeaseKeepAliveRequest renewal(long id) {
        return LeaseKeepAliveRequest.newBuilder().setID(id).build();
    }

    private static long put(String key, long lease) {
        return kv.put(PutRequest.newBuilder()
                        .setKey(ByteString.copyFromUtf8(key))
                        .setLease(lease)
                        .build())
                .getHeader()
                .getRevision();
    }

    private static long count(String prefix) {
        return kv.range(RangeRequest.newBuilder()
                        .setKey(ByteString.copyFromUtf8(prefix))
                        .setRangeEnd(ByteString.copyFromUtf8(prefix + "~"))
                        .build())
                .getCount();
    }

    private static void refuses(Runnable call, Status.Code code, String text) {
        var refused = catchThrowableOfType(StatusRuntimeException.class, call::run);
        assertThat(refused).isNotNull();
        assertThat(refused.getStatus().getDescription()).isEqualTo(text);
        assertThat(refused.getStatus().getCode()).isEqualTo(code);
    }

    private static void isWhole(ResponseHeader header, long revision) {
        assertThat(header.getClusterId()).isNotZero();
        assertThat(header.getMemberId()).isNotZero();
        assertThat(header.getRaftTerm()).isPositive();
        assertThat(header.getRevision()).isEqualTo(revision);
    }

    @Test
    void aLeaseIsGrantedWithTheIdAskedForAndTakesNoRevision(TestInfo test) {
        long revision = put(test.getDisplayName(), 0);
        long id = ids.incrementAndGet();

        LeaseGrantResponse granted = grant(id, LONG_SECONDS);

        isWhole(granted.getHeader(), revision);
        assertThat(granted.getID()).isEqualTo(id);
        assertThat(granted.getTTL()).isEqualTo(LONG_SECONDS);
        assertThat(granted.getError()).isEmpty();
    }

    @Test
    void withoutAnIdThereIsAPositiveOneAndATimeTooShortIsRaised() {
        assertThat(grant(0, LONG_SECONDS).getID()).isPositive();
        assertThat(grant(0, 0).getTTL()).isEqualTo(2);
        assertThat(grant(0, -1).getTTL()).isEqualTo(2);
    }

    @Test
    void grantsThatCannotBeAreRefusedInEtcdsWords() {
        long id = ids.incrementAndGet();
        grant(id, LONG_SECONDS);

        refuses(() -> grant(id, LONG_SECONDS), Status.Code.FAILED_PRECONDITION, "etcdserver: lease already exists");
        refuses(
                () -> grant(ids.incrementAndGet(), 9_000_000_001L),
                Status.Code.OUT_OF_RANGE,
                "etcdserver: too large lease TTL");
        assertThat(grant(ids.incrementAndGet(), 9_000_000_000L).getTTL()).isEqualTo(9_000_000_000L);
    }

    @Test
    void aRevokedLeaseTakesItsKeysWithItInOneRevision(TestInfo test) {
        String key = test.getDisplayName();
        long id = grant(0, LONG_SECONDS).getID();
        put(key + "b", id);
        long revision = put(key + "a", id);

        LeaseRevokeResponse revoked = revoke(id);

        isWhole(revoked.getHeader(), revision + 1);
        assertThat(count(key)).isZero();
        refuses(() -> revoke(id), Status.Code.NOT_FOUND, "etcdserver: requested lease not found");
        refuses(() -> revoke(0), Status.Code.NOT_FOUND, "etcdserver: requested lease not found");
    }

    @Test
    void timeToLiveTellsWhatIsLeftAndWhichKeysGoWithIt(TestInfo test) {
        String key = test.getDisplayName();
        long id = grant(0, LONG_SECONDS).getID();
        put(key + "b", id);
        long revision = put(key + "a", id);

        LeaseTimeToLiveResponse answer = timeToLive(id);

        isWhole(answer.getHeader(), revision);
        assertThat(answer.getID()).isEqualTo(id);
        assertThat(answer.getGrantedTTL()).isEqualTo(LONG_SECONDS);
        assertThat(answer.getTTL()).isBetween(LONG_SECONDS - 60, LONG_SECONDS);
        assertThat(answer.getKeysList())
                .containsExactlyInAnyOrder(ByteString.copyFromUtf8(key + "a"), ByteString.copyFromUtf8(key + "b"));
        assertThat(leases.leaseTimeToLive(
                                LeaseTimeToLiveRequest.newBuilder().setID(id).build())
                        .getKeysList())
                .isEmpty();
    }

    @Test
    void aLeaseThatIsNotThereHasATimeOfMinusOne(TestInfo test) {
        long revision = put(test.getDisplayName(), 0);

        LeaseTimeToLiveResponse answer = timeToLive(NONE);

        isWhole(answer.getHeader(), revision);
        assertThat(answer.toBuilder().clearHeader().build())
                .isEqualTo(LeaseTimeToLiveResponse.newBuilder()
                        .setID(NONE)
                        .setTTL(-1)
                        .build());
    }

    @Test
    void allLeasesAreListed(TestInfo test) {
        long revision = put(test.getDisplayName(), 0);
        long one = grant(0, LONG_SECONDS).getID();
        long other = grant(0, LONG_SECONDS).getID();
        long ended = grant(0, LONG_SECONDS).getID();
        revoke(ended);

        LeaseLeasesResponse answer = leases.leaseLeases(LeaseLeasesRequest.getDefaultInstance());

        isWhole(answer.getHeader(), revision);
        assertThat(answer.getLeasesList())
                .extracting(LeaseStatus::getID)
                .contains(one, other)
                .doesNotContain(ended);
    }

    @Test
    void renewalsAreAnsweredInTheirOrderAndAMissingLeaseWithZero(TestInfo test) throws Exception {
        long revision = put(test.getDisplayName(), 0);
        long id = grant(0, LONG_SECONDS).getID();
        var answers = new Answers<LeaseKeepAliveRequest, LeaseKeepAliveResponse>(true);
        StreamObserver<LeaseKeepAliveRequest> stream =
                LeaseGrpc.newStub(member.channel).leaseKeepAlive(answers);

        stream.onNext(renewal(NONE));
        stream.onNext(renewal(id));
        stream.onNext(renewal(0));
        stream.onCompleted();

        List<LeaseKeepAliveResponse> all = new ArrayList<>();
        for (int each = 0; each < 3; each++) {
            all.add(answers.next());
        }
        all.forEach(answer -> isWhole(answer.getHeader(), revision));
        assertThat(all).extracting(LeaseKeepAliveResponse::getID).containsExactly(NONE, id, 0L);
        assertThat(all).extracting(LeaseKeepAliveResponse::getTTL).containsExactly(0L, LONG_SECONDS, 0L);
        assertThat(answers.end().isOk()).isTrue();
    }

    @Test
    void manyRenewalsAtOnceAreAllAnswered() throws Exception {
        long id = grant(0, LONG_SECONDS).getID();
        int renewals = 20 * KeepAliveStream.WINDOW;
        var answers = new Answers<LeaseKeepAliveRequest, LeaseKeepAliveResponse>(true);
        StreamObserver<LeaseKeepAliveRequest> stream =
                LeaseGrpc.newStub(member.channel).leaseKeepAlive(answers);

        for (int each = 0; each < renewals; each++) {
            stream.onNext(renewal(each % 2 == 0 ? id : NONE));
        }
        stream.onCompleted();

        for (int each = 0; each < renewals; each++) {
            assertThat(answers.next().getTTL()).isEqualTo(each % 2 == 0 ? LONG_SECONDS : 0);
        }
        assertThat(answers.end().isOk()).isTrue();
    }

    @Test
    void aKeyOfALeaseThatNobodyRenewsGoesWithItAndARenewedOneStays(TestInfo test) throws Exception {
        String key = test.getDisplayName();
        long silent = grant(0, 2).getID();
        long renewed = grant(0, 2).getID();
        put(key + "silent", silent);
        put(key + "renewed", renewed);
        var answers = new Answers<LeaseKeepAliveRequest, LeaseKeepAliveResponse>(true);
        StreamObserver<LeaseKeepAliveRequest> stream =
                LeaseGrpc.newStub(member.channel).leaseKeepAlive(answers);

        long deadline = System.nanoTime() + 15_000_000_000L;
        while (count(key + "silent") > 0 && System.nanoTime() < deadline) {
            stream.onNext(renewal(renewed));
            assertThat(answers.next().getTTL()).isEqualTo(2);
        }

        assertThat(count(key + "silent")).isZero();
        assertThat(count(key + "renewed")).isEqualTo(1);
        stream.onNext(renewal(silent));
        assertThat(answers.next().getTTL()).isZero();
        stream.onCompleted();
    }
}
