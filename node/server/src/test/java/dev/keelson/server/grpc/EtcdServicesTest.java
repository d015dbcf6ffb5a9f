package dev.keelson.server.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.ByteString;
import dev.keelson.api.etcd.ClusterGrpc;
import dev.keelson.api.etcd.CompactionRequest;
import dev.keelson.api.etcd.Compare;
import dev.keelson.api.etcd.DeleteRangeRequest;
import dev.keelson.api.etcd.DeleteRangeResponse;
import dev.keelson.api.etcd.HashKVRequest;
import dev.keelson.api.etcd.HashKVResponse;
import dev.keelson.api.etcd.HashRequest;
import dev.keelson.api.etcd.KVGrpc;
import dev.keelson.api.etcd.MaintenanceGrpc;
import dev.keelson.api.etcd.MemberListRequest;
import dev.keelson.api.etcd.MemberListResponse;
import dev.keelson.api.etcd.PutRequest;
import dev.keelson.api.etcd.PutResponse;
import dev.keelson.api.etcd.RangeRequest;
import dev.keelson.api.etcd.RangeResponse;
import dev.keelson.api.etcd.RequestOp;
import dev.keelson.api.etcd.ResponseHeader;
import dev.keelson.api.etcd.StatusRequest;
import dev.keelson.api.etcd.StatusResponse;
import dev.keelson.api.etcd.TxnRequest;
import dev.keelson.api.etcd.TxnResponse;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.stub.MetadataUtils;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

final class EtcdServicesTest {

    @TempDir
    static Path directory;

    private static ServedMember member;
    private static KVGrpc.KVBlockingStub kv;
    private static MaintenanceGrpc.MaintenanceBlockingStub maintenance;

    @BeforeAll
    static void start() throws Exception {
        member = new ServedMember(directory.resolve("data"));
        kv = KVGrpc.newBlockingStub(member.channel);
        maintenance = MaintenanceGrpc.newBlockingStub(member.channel);
    }

    @AfterAll
    static void stop() {
        member.close();
    }

    private static ByteString text(String text) {
        return ByteString.copyFromUtf8(text);
    }

    private static PutRequest put(String key, String value) {
        return PutRequest.newBuilder().setKey(text(key)).setValue(text(value)).build();
    }

    private static RangeRequest.Builder get(String key) {
        return RangeRequest.newBuilder().setKey(text(key));
    }

    private static RequestOp op(PutRequest put) {
        return RequestOp.newBuilder().setRequestPut(put).build();
    }

    private static RequestOp op(RangeRequest.Builder range) {
        return RequestOp.newBuilder().setRequestRange(range).build();
    }

    private static void refuses(Runnable call, Status.Code code, String text) {
        var refused = catchThrowableOfType(StatusRuntimeException.class, call::run);
        assertThat(refused).isNotNull();
        assertThat(refused.getStatus().getDescription()).isEqualTo(text);
        assertThat(refused.getStatus().getCode()).isEqualTo(code);
    }

    private static void isWhole(ResponseHeader header) {
        assertThat(header.getClusterId()).isEqualTo(ServedMember.CLUSTER_ID);
        assertThat(header.getMemberId()).isEqualTo(ServedMember.MEMBER_ID);
        assertThat(header.getRaftTerm()).isPositive();
    }

    @Test
    void aPutAnswersWithItsRevisionAndOnRequestWithWhatWasThere(TestInfo test) {
        String key = test.getDisplayName();
        PutResponse first = kv.put(put(key, "1"));
        PutResponse second = kv.put(put(key, "2").toBuilder().setPrevKv(true).build());

        isWhole(second.getHeader());
        assertThat(first.hasPrevKv()).isFalse();
        assertThat(second.getHeader().getRevision()).isEqualTo(first.getHeader().getRevision() + 1);
        assertThat(second.getPrevKv().getValue()).isEqualTo(text("1"));
        assertThat(second.getPrevKv().getModRevision())
                .isEqualTo(first.getHeader().getRevision());
    }

    @Test
    void aRangeReadsWhatWasPut(TestInfo test) {
        String key = test.getDisplayName();
        long created = kv.put(put(key, "1")).getHeader().getRevision();
        long modified = kv.put(put(key, "2")).getHeader().getRevision();

        RangeResponse found = kv.range(get(key).build());
        RangeResponse old = kv.range(get(key).setRevision(created).build());
        RangeResponse local = kv.range(get(key).setSerializable(true).build());

        isWhole(found.getHeader());
        assertThat(found.getCount()).isEqualTo(1);
        assertThat(found.getKvs(0).getCreateRevision()).isEqualTo(created);
        assertThat(found.getKvs(0).getModRevision()).isEqualTo(modified);
        assertThat(found.getKvs(0).getVersion()).isEqualTo(2);
        assertThat(old.getKvs(0).getValue()).isEqualTo(text("1"));
        assertThat(old.getHeader().getRevision()).isEqualTo(modified);
        assertThat(local).isEqualTo(found);
    }

    @Test
    void aDeleteAnswersWithWhatItDeleted(TestInfo test) {
        String key = test.getDisplayName();
        kv.put(put(key + "1", "a"));
        kv.put(put(key + "2", "b"));

        DeleteRangeResponse deleted = kv.deleteRange(DeleteRangeRequest.newBuilder()
                .setKey(text(key))
                .setRangeEnd(text(key + "~"))
                .setPrevKv(true)
                .build());

        isWhole(deleted.getHeader());
        assertThat(deleted.getDeleted()).isEqualTo(2);
        assertThat(deleted.getPrevKvsList())
                .extracting(each -> each.getValue().toStringUtf8())
                .containsExactly("a", "b");
    }

    @Test
    void aTransactionAnswersEachOperationUnderAHeaderThatIsOnlyARevision(TestInfo test) {
        String key = test.getDisplayName();
        TxnResponse answer = kv.txn(TxnRequest.newBuilder()
                .addCompare(Compare.newBuilder()
                        .setKey(text(key))
                        .setTarget(Compare.CompareTarget.VERSION)
                        .setResult(Compare.CompareResult.EQUAL))
                .addSuccess(op(put(key, "1")))
                .addSuccess(op(get(key)))
                .addSuccess(RequestOp.newBuilder()
                        .setRequestTxn(TxnRequest.newBuilder().addSuccess(op(get(key)))))
                .addFailure(op(put(key, "never")))
                .build());

        isWhole(answer.getHeader());
        ResponseHeader nested = ResponseHeader.newBuilder()
                .setRevision(answer.getHeader().getRevision())
                .build();
        assertThat(answer.getSucceeded()).isTrue();
        assertThat(answer.getResponses(0).getResponsePut().getHeader()).isEqualTo(nested);
        assertThat(answer.getResponses(1).getResponseRange().getHeader()).isEqualTo(nested);
        assertThat(answer.getResponses(1).getResponseRange().getKvs(0).getValue())
                .isEqualTo(text("1"));
        assertThat(answer.getResponses(2)
                        .getResponseTxn()
                        .getResponses(0)
                        .getResponseRange()
                        .getKvsCount())
                .isEqualTo(1);
    }

    @Test
    void requestsOfImpossibleShapeAreRefusedInEtcdsWords() {
        refuses(() -> kv.put(put("", "x")), Status.Code.INVALID_ARGUMENT, "etcdserver: key is not provided");
        refuses(
                () -> kv.range(RangeRequest.getDefaultInstance()),
                Status.Code.INVALID_ARGUMENT,
                "etcdserver: key is not provided");
        refuses(
                () -> kv.deleteRange(DeleteRangeRequest.getDefaultInstance()),
                Status.Code.INVALID_ARGUMENT,
                "etcdserver: key is not provided");
        refuses(
                () -> kv.put(put("k", "x").toBuilder().setIgnoreValue(true).build()),
                Status.Code.INVALID_ARGUMENT,
                "etcdserver: value is provided");
        refuses(
                () -> kv.put(PutRequest.newBuilder()
                        .setKey(text("k"))
                        .setLease(1)
                        .setIgnoreLease(true)
                        .build()),
                Status.Code.INVALID_ARGUMENT,
                "etcdserver: lease is provided");
        refuses(
                () -> kv.range(get("k").setSortOrderValue(9).build()),
                Status.Code.INVALID_ARGUMENT,
                "etcdserver: invalid sort option");
        refuses(
                () -> kv.range(get("k").setSortTargetValue(9).build()),
                Status.Code.INVALID_ARGUMENT,
                "etcdserver: invalid sort option");
        refuses(
                () -> kv.range(RangeRequest.newBuilder().setSortTargetValue(9).build()),
                Status.Code.INVALID_ARGUMENT,
                "etcdserver: key is not provided");
    }

    @Test
    void transactionsOfImpossibleShapeAreRefusedInEtcdsWords() {
        var unset = TxnRequest.newBuilder().addSuccess(RequestOp.getDefaultInstance());
        var twice = TxnRequest.newBuilder().addSuccess(op(put("k", "1"))).addSuccess(op(put("k", "2")));
        var many = TxnRequest.newBuilder();
        for (int ops = 0; ops <= ServedMember.TXN_OPS_MAX; ops++) {
            many.addFailure(op(get("k")));
        }
        var unknown = TxnRequest.newBuilder()
                .addCompare(Compare.newBuilder().setKey(text("k")).setTargetValue(77));

        refuses(() -> kv.txn(unset.build()), Status.Code.INVALID_ARGUMENT, "etcdserver: key not found");
        refuses(
                () -> kv.txn(twice.build()),
                Status.Code.INVALID_ARGUMENT,
                "etcdserver: duplicate key given in txn request");
        refuses(
                () -> kv.txn(many.build()),
                Status.Code.INVALID_ARGUMENT,
                "etcdserver: too many operations in txn request");
        refuses(
                () -> kv.txn(unknown.build()),
                Status.Code.INVALID_ARGUMENT,
                "etcdserver: compare.target 77 is unknown to this version");
    }

    @Test
    void aRequestBeyondTheLimitIsRefusedInEtcdsWords() {
        refuses(
                () -> kv.put(put("k", "x".repeat(ServedMember.REQUEST_BYTES_MAX))),
                Status.Code.INVALID_ARGUMENT,
                "etcdserver: request is too large");
    }

    @Test
    void revisionsOutOfBoundsAreRefusedInEtcdsWords(TestInfo test) {
        String key = test.getDisplayName();
        long old = kv.put(put(key, "1")).getHeader().getRevision();
        long current = kv.put(put(key, "2")).getHeader().getRevision();

        refuses(
                () -> kv.range(get(key).setRevision(current + 1_000).build()),
                Status.Code.OUT_OF_RANGE,
                "etcdserver: mvcc: required revision is a future revision");
        refuses(
                () -> kv.compact(CompactionRequest.newBuilder()
                        .setRevision(current + 1_000)
                        .build()),
                Status.Code.OUT_OF_RANGE,
                "etcdserver: mvcc: required revision is a future revision");
        isWhole(kv.compact(CompactionRequest.newBuilder()
                        .setRevision(current)
                        .setPhysical(true)
                        .build())
                .getHeader());
        refuses(
                () -> kv.range(get(key).setRevision(old).build()),
                Status.Code.OUT_OF_RANGE,
                "etcdserver: mvcc: required revision has been compacted");
    }

    @Test
    void theMemberReportsItself() {
        kv.put(put("status", "1"));

        StatusResponse status = maintenance.status(StatusRequest.getDefaultInstance());

        isWhole(status.getHeader());
        assertThat(status.getVersion()).isEqualTo("3.7.1");
        assertThat(status.getStorageVersion()).isEqualTo("3.7.0");
        assertThat(status.getLeader()).isEqualTo(ServedMember.MEMBER_ID);
        assertThat(status.getRaftIndex()).isGreaterThanOrEqualTo(status.getRaftAppliedIndex());
        assertThat(status.getRaftTerm()).isEqualTo(status.getHeader().getRaftTerm());
        assertThat(status.getDbSizeQuota()).isEqualTo(2L << 30);
        assertThat(status.hasDowngradeInfo()).isTrue();
        assertThat(status.getErrorsList()).isEmpty();
    }

    @Test
    void hashesAnswerWithTheRevisionTheyReachTo() {
        long revision = kv.put(put("hash", "1")).getHeader().getRevision();

        HashKVResponse hash = maintenance.hashKV(
                HashKVRequest.newBuilder().setRevision(revision).build());

        isWhole(hash.getHeader());
        assertThat(hash.getHashRevision()).isEqualTo(revision);
        assertThat(hash)
                .isEqualTo(maintenance.hashKV(
                        HashKVRequest.newBuilder().setRevision(revision).build()));
        assertThat(maintenance
                        .hash(HashRequest.getDefaultInstance())
                        .getHeader()
                        .getRevision())
                .isGreaterThanOrEqualTo(revision);
    }

    @Test
    void theMemberListCarriesNoRevision() {
        MemberListResponse list = ClusterGrpc.newBlockingStub(member.channel)
                .memberList(MemberListRequest.newBuilder().setLinearizable(true).build());

        isWhole(list.getHeader());
        assertThat(list.getHeader().getRevision()).isZero();
        assertThat(list.getMembersList()).singleElement().satisfies(self -> {
            assertThat(self.getID()).isEqualTo(ServedMember.MEMBER_ID);
            assertThat(self.getName()).isEqualTo("default");
            assertThat(self.getClientURLs(0)).isEqualTo("http://127.0.0.1:" + member.port);
            assertThat(self.getIsLearner()).isFalse();
        });
    }

    @Test
    void theStandardHealthServiceServes() {
        assertThat(HealthGrpc.newBlockingStub(member.channel)
                        .check(HealthCheckRequest.getDefaultInstance())
                        .getStatus())
                .isEqualTo(HealthCheckResponse.ServingStatus.SERVING);
    }

    @Test
    void aClientMayDemandALeaderWhereThereIsOne() {
        var metadata = new Metadata();
        metadata.put(Metadata.Key.of("hasleader", Metadata.ASCII_STRING_MARSHALLER), "true");
        metadata.put(Metadata.Key.of("client-api-version", Metadata.ASCII_STRING_MARSHALLER), "3.7.1");

        RangeResponse answer = kv.withInterceptors(MetadataUtils.newAttachHeadersInterceptor(metadata))
                .range(get("x").build());

        isWhole(answer.getHeader());
    }

    @Test
    void aClientVersionIsTextWhenItIsUtf8() {
        assertThat(ClientApiVersion.isText("3.7.1".getBytes(StandardCharsets.UTF_8)))
                .isTrue();
        assertThat(ClientApiVersion.isText("3.7.1-\u00fc\ud83d\ude00".getBytes(StandardCharsets.UTF_8)))
                .isTrue();
        assertThat(ClientApiVersion.isText(new byte[0])).isTrue();
        assertThat(ClientApiVersion.isText(new byte[] {'3', (byte) 0xff})).isFalse();
        assertThat(ClientApiVersion.isText(new byte[] {(byte) 0xc3})).isFalse();
    }
}
