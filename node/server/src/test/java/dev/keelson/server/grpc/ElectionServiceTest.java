package dev.keelson.server.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.ByteString;
import dev.keelson.api.election.CampaignRequest;
import dev.keelson.api.election.CampaignResponse;
import dev.keelson.api.election.ElectionGrpc;
import dev.keelson.api.election.LeaderKey;
import dev.keelson.api.election.LeaderRequest;
import dev.keelson.api.election.LeaderResponse;
import dev.keelson.api.election.ProclaimRequest;
import dev.keelson.api.election.ResignRequest;
import dev.keelson.api.etcd.KVGrpc;
import dev.keelson.api.etcd.LeaseGrantRequest;
import dev.keelson.api.etcd.LeaseGrpc;
import dev.keelson.api.etcd.LeaseRevokeRequest;
import dev.keelson.api.etcd.LeaseTimeToLiveRequest;
import dev.keelson.api.etcd.PutRequest;
import dev.keelson.api.etcd.RangeRequest;
import dev.keelson.api.mvcc.KeyValue;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

/** Every expectation here is what etcd 3.7.1 answered to the same, but for what a test says of itself. */
final class ElectionServiceTest {

    private static final long LONG_SECONDS = 600;

    @TempDir
    static Path directory;

    private static ServedMember member;
    private static KVGrpc.KVBlockingStub kv;
    private static LeaseGrpc.LeaseBlockingStub leases;
    private static ElectionGrpc.ElectionBlockingStub elections;

    @BeforeAll
    static void start() throws Exception {
        member = new ServedMember(directory.resolve("data"));
        kv = KVGrpc.newBlockingStub(member.channel);
        leases = LeaseGrpc.newBlockingStub(member.channel);
        elections = ElectionGrpc.newBlockingStub(member.channel);
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

    private static CampaignRequest candidacy(String name, long lease, String value) {
        return CampaignRequest.newBuilder()
                .setName(ByteString.copyFromUtf8(name))
                .setLease(lease)
                .setValue(ByteString.copyFromUtf8(value))
                .build();
    }

    /** Begins to campaign against a leader, and returns once the candidate is in the queue. */
    private static Answers<CampaignRequest, CampaignResponse> queue(String name, long lease, String value) {
        int before = keys(name).size();
        var answers = new Answers<CampaignRequest, CampaignResponse>(true);
        ElectionGrpc.newStub(member.channel).campaign(candidacy(name, lease, value), answers);
        awaitKeys(name, before + 1);
        return answers;
    }

    private static long proclaim(LeaderKey leader, String value) {
        return elections
                .proclaim(ProclaimRequest.newBuilder()
                        .setLeader(leader)
                        .setValue(ByteString.copyFromUtf8(value))
                        .build())
                .getHeader()
                .getRevision();
    }

    private static long resign(LeaderKey leader) {
        return elections
                .resign(ResignRequest.newBuilder().setLeader(leader).build())
                .getHeader()
                .getRevision();
    }

    private static LeaderRequest of(String name) {
        return LeaderRequest.newBuilder().setName(ByteString.copyFromUtf8(name)).build();
    }

    private static Answers<LeaderRequest, LeaderResponse> observe(String name) {
        var answers = new Answers<LeaderRequest, LeaderResponse>(true);
        ElectionGrpc.newStub(member.channel).observe(of(name), answers);
        return answers;
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

    private static long put(String key) {
        return kv.put(PutRequest.newBuilder()
                        .setKey(ByteString.copyFromUtf8(key))
                        .build())
                .getHeader()
                .getRevision();
    }

    private static void refuses(Runnable call, String text) {
        var refused = catchThrowableOfType(StatusRuntimeException.class, call::run);
        assertThat(refused).isNotNull();
        assertThat(refused.getStatus().getDescription()).isEqualTo(text);
        assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.UNKNOWN);
    }

    @Test
    void theOnlyCandidateLeadsAtOnce(TestInfo test) {
        String name = test.getDisplayName();
        long lease = grant();

        CampaignResponse won = elections.campaign(candidacy(name, lease, "a"));

        KeyValue key = keys(name).getFirst();
        assertThat(won.getHeader().getRevision()).isEqualTo(key.getCreateRevision());
        assertThat(won.getLeader())
                .isEqualTo(LeaderKey.newBuilder()
                        .setName(ByteString.copyFromUtf8(name))
                        .setKey(ByteString.copyFromUtf8(name + "/" + Long.toHexString(lease)))
                        .setRev(key.getCreateRevision())
                        .setLease(lease)
                        .build());
        assertThat(elections.leader(of(name)).getKv()).isEqualTo(key);
        assertThat(key.getValue().toStringUtf8()).isEqualTo("a");
        assertThat(key.getLease()).isEqualTo(lease);
    }

    @Test
    void aLeaderThatCampaignsAgainOnlyChangesItsValue(TestInfo test) {
        String name = test.getDisplayName();
        long lease = grant();
        CampaignResponse first = elections.campaign(candidacy(name, lease, "a"));

        CampaignResponse second = elections.campaign(candidacy(name, lease, "b"));

        assertThat(second.getLeader()).isEqualTo(first.getLeader());
        assertThat(second.getHeader()).isEqualTo(first.getHeader());
        assertThat(elections.leader(of(name)).getKv().getValue().toStringUtf8()).isEqualTo("b");
    }

    @Test
    void whenTheLeaderResignsTheNextOneLeads(TestInfo test) throws Exception {
        String name = test.getDisplayName();
        CampaignResponse first = elections.campaign(candidacy(name, grant(), "a"));
        Answers<CampaignRequest, CampaignResponse> second = queue(name, grant(), "b");
        Answers<CampaignRequest, CampaignResponse> third = queue(name, grant(), "c");
        long entered = keys(name).stream()
                .filter(key -> key.getValue().toStringUtf8().equals("b"))
                .findAny()
                .orElseThrow()
                .getCreateRevision();

        resign(first.getLeader());

        CampaignResponse won = second.next();
        assertThat(won.getHeader().getRevision()).isEqualTo(entered);
        assertThat(won.getLeader().getRev()).isEqualTo(entered);
        assertThat(elections.leader(of(name)).getKv().getValue().toStringUtf8()).isEqualTo("b");
        assertThat(third.isSilent()).isTrue();
        third.cancel();
        awaitKeys(name, 1);
    }

    /** etcd tells such a candidate that it leads; what it did next would fail. */
    @Test
    void aCandidateWhoseLeaseEndedInTheQueueDoesNotLead(TestInfo test) throws Exception {
        String name = test.getDisplayName();
        CampaignResponse first = elections.campaign(candidacy(name, grant(), "a"));
        long lease = grant();
        Answers<CampaignRequest, CampaignResponse> second = queue(name, lease, "b");

        revoke(lease);
        resign(first.getLeader());

        Status end = second.end();
        assertThat(end.getCode()).isEqualTo(Status.Code.UNKNOWN);
        assertThat(end.getDescription()).isEqualTo("election: not leader");
    }

    @Test
    void onlyTheLeaderProclaimsAndWhoDoesNotLeadHasNothingToResignFrom(TestInfo test) {
        String name = test.getDisplayName();
        LeaderKey leader = elections.campaign(candidacy(name, grant(), "a")).getLeader();
        LeaderKey other = leader.toBuilder().setRev(leader.getRev() - 1).build();

        assertThat(proclaim(leader, "b")).isEqualTo(keys(name).getFirst().getModRevision());
        refuses(() -> proclaim(other, "c"), "election: not leader");
        long revision = put(name);
        assertThat(resign(other)).isEqualTo(revision);
        assertThat(resign(leader)).isEqualTo(revision + 1);
        assertThat(resign(leader)).isEqualTo(revision + 1);
        refuses(() -> proclaim(leader, "d"), "election: not leader");
        refuses(() -> elections.leader(of(name)), "election: no leader");
    }

    @Test
    void aProclamationWithoutALeaseIsGivenOne(TestInfo test) {
        String name = test.getDisplayName();
        LeaderKey leader = elections.campaign(candidacy(name, grant(), "a")).getLeader();

        proclaim(leader.toBuilder().clearLease().build(), "b");

        long lease = keys(name).getFirst().getLease();
        assertThat(lease).isNotZero().isNotEqualTo(leader.getLease());
        assertThat(leases.leaseTimeToLive(
                                LeaseTimeToLiveRequest.newBuilder().setID(lease).build())
                        .getGrantedTTL())
                .isEqualTo(60);
    }

    @Test
    void refusalsHaveEtcdsWordsAndNoCode(TestInfo test) {
        String name = test.getDisplayName();
        LeaderKey leader = elections.campaign(candidacy(name, grant(), "a")).getLeader();

        refuses(() -> elections.proclaim(ProclaimRequest.getDefaultInstance()), "\"leader\" field must be provided");
        refuses(() -> elections.resign(ResignRequest.getDefaultInstance()), "\"leader\" field must be provided");
        refuses(() -> proclaim(LeaderKey.getDefaultInstance(), "b"), "etcdserver: key is not provided");
        refuses(() -> resign(LeaderKey.getDefaultInstance()), "etcdserver: key is not provided");
        refuses(
                () -> proclaim(leader.toBuilder().setLease(4_242).build(), "b"),
                "etcdserver: requested lease not found");
        refuses(() -> elections.campaign(candidacy(name, 4_242, "b")), "etcdserver: requested lease not found");
    }

    @Test
    void anObserverHearsOfTheFirstLeaderOfEveryProclamationAndOfTheNextLeader(TestInfo test) throws Exception {
        String name = test.getDisplayName();
        put(name);
        Answers<LeaderRequest, LeaderResponse> observed = observe(name);
        LeaderKey first = elections.campaign(candidacy(name, grant(), "a")).getLeader();
        LeaderResponse begun = observed.next();
        Answers<CampaignRequest, CampaignResponse> second = queue(name, grant(), "b");

        long proclaimed = proclaim(first, "a2");
        LeaderResponse changed = observed.next();
        long resigned = resign(first);
        LeaderResponse succeeded = observed.next();
        LeaderKey next = second.next().getLeader();

        assertThat(begun.getKv().getKey()).isEqualTo(first.getKey());
        assertThat(begun.getKv().getValue().toStringUtf8()).isEqualTo("a");
        assertThat(begun.getHeader().getRevision()).isEqualTo(first.getRev());
        assertThat(begun.getHeader().getMemberId()).isNotZero();
        assertThat(changed.getKv().getValue().toStringUtf8()).isEqualTo("a2");
        assertThat(changed.getKv().getVersion()).isEqualTo(2);
        assertThat(changed.getHeader().getRevision()).isEqualTo(proclaimed);
        assertThat(succeeded.getKv().getKey()).isEqualTo(next.getKey());
        assertThat(succeeded.getKv().getCreateRevision()).isEqualTo(next.getRev());
        assertThat(succeeded.getHeader().getRevision()).isEqualTo(resigned);
        assertThat(observed.isSilent()).isTrue();
        observed.cancel();
    }

    @Test
    void anObserverThatComesLaterHearsOfThePresentLeaderFirst(TestInfo test) throws Exception {
        String name = test.getDisplayName();
        long lease = grant();
        LeaderKey leader = elections.campaign(candidacy(name, lease, "a")).getLeader();
        proclaim(leader, "b");
        long revision = put(name);

        Answers<LeaderRequest, LeaderResponse> observed = observe(name);

        LeaderResponse present = observed.next();
        assertThat(present.getKv()).isEqualTo(keys(name).getFirst());
        assertThat(present.getHeader().getRevision()).isEqualTo(revision);
        revoke(lease);
        LeaderKey next = elections.campaign(candidacy(name, grant(), "c")).getLeader();
        assertThat(observed.next().getKv().getKey()).isEqualTo(next.getKey());
        observed.cancel();
    }

    @Test
    void everyProclamationIsHeardInItsOrder(TestInfo test) throws Exception {
        String name = test.getDisplayName();
        LeaderKey leader = elections.campaign(candidacy(name, grant(), "0")).getLeader();
        Answers<LeaderRequest, LeaderResponse> observed = observe(name);
        assertThat(observed.next().getKv().getValue().toStringUtf8()).isEqualTo("0");

        for (int each = 1; each <= 200; each++) {
            proclaim(leader, String.valueOf(each));
        }

        for (int each = 1; each <= 200; each++) {
            assertThat(observed.next().getKv().getValue().toStringUtf8()).isEqualTo(String.valueOf(each));
        }
        observed.cancel();
    }

    @Test
    void anObserverThatDoesNotReadForAWhileMissesNothing(TestInfo test) throws Exception {
        String name = test.getDisplayName();
        String padding = "x".repeat(32 * 1024);
        LeaderKey leader =
                elections.campaign(candidacy(name, grant(), "0" + padding)).getLeader();
        var observed = new Answers<LeaderRequest, LeaderResponse>(false);
        ElectionGrpc.newStub(member.channel).observe(of(name), observed);
        observed.call().request(1);
        assertThat(observed.next().getKv().getVersion()).isEqualTo(1);

        for (int each = 1; each <= 100; each++) {
            proclaim(leader, each + padding);
        }

        observed.call().request(100);
        for (int each = 1; each <= 100; each++) {
            assertThat(observed.next().getKv().getValue().toStringUtf8()).isEqualTo(each + padding);
        }
        observed.cancel();
    }
}
