package dev.keelson.server.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.ByteString;
import dev.keelson.api.etcd.CompactionRequest;
import dev.keelson.api.etcd.DeleteRangeRequest;
import dev.keelson.api.etcd.KVGrpc;
import dev.keelson.api.etcd.PutRequest;
import dev.keelson.api.etcd.RangeRequest;
import dev.keelson.api.etcd.RangeResponse;
import dev.keelson.api.etcd.RangeStreamResponse;
import dev.keelson.api.etcd.ResponseHeader;
import dev.keelson.api.mvcc.KeyValue;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class RangeStreamTest {

    private static final ByteString FROM = text("k");
    private static final ByteString TO = text("l");

    @TempDir
    static Path directory;

    private static ServedMember member;
    private static KVGrpc.KVBlockingStub kv;

    @BeforeAll
    static void start() throws Exception {
        member = new ServedMember(directory.resolve("data"));
        kv = KVGrpc.newBlockingStub(member.channel);
    }

    @AfterAll
    static void stop() {
        member.close();
    }

    @BeforeEach
    void removeAllKeys() {
        var _ = kv.deleteRange(
                DeleteRangeRequest.newBuilder().setKey(FROM).setRangeEnd(TO).build());
    }

    private static ByteString text(String text) {
        return ByteString.copyFromUtf8(text);
    }

    private static long put(String key, String value) {
        return kv.put(PutRequest.newBuilder()
                        .setKey(text(key))
                        .setValue(text(value))
                        .build())
                .getHeader()
                .getRevision();
    }

    private static void putKeys(int keys, int valueBytes) {
        for (int each = 0; each < keys; each++) {
            long _ = put("k%04d".formatted(each), "v".repeat(valueBytes));
        }
    }

    private static RangeRequest.Builder all() {
        return RangeRequest.newBuilder().setKey(FROM).setRangeEnd(TO);
    }

    private static List<RangeResponse> stream(RangeRequest.Builder request) {
        var pieces = new ArrayList<RangeResponse>();
        kv.rangeStream(request.build()).forEachRemaining(each -> pieces.add(each.getRangeResponse()));
        return pieces;
    }

    private static List<Integer> sizes(List<RangeResponse> pieces) {
        return pieces.stream().map(RangeResponse::getKvsCount).toList();
    }

    private static RangeResponse whole(List<RangeResponse> pieces) {
        RangeResponse.Builder whole = RangeResponse.newBuilder();
        pieces.forEach(whole::mergeFrom);
        return whole.build();
    }

    private static void refuses(RangeRequest.Builder request, Status.Code code, String text) {
        var refused = catchThrowableOfType(StatusRuntimeException.class, () -> stream(request));
        assertThat(refused.getStatus().getCode()).isEqualTo(code);
        assertThat(refused.getStatus().getDescription()).isEqualTo(text);
    }

    @Test
    void theChunksTogetherAreTheAnswerOfARange() {
        putKeys(200, 100);

        for (RangeRequest.Builder request : List.of(
                all(),
                all().setKeysOnly(true),
                all().setSerializable(true),
                all().setLimit(35),
                all().setLimit(10),
                all().setLimit(200),
                all().setLimit(-1),
                all().setRangeEnd(text("\0")),
                all().setRangeEnd(text("a")),
                RangeRequest.newBuilder().setKey(text("k0007")),
                RangeRequest.newBuilder().setKey(text("nothing")))) {
            assertThat(whole(stream(request))).isEqualTo(kv.range(request.build()));
        }
    }

    /** etcd sorts within its chunks too, but then goes on behind the greatest value and so may leave keys out. */
    @Test
    void aTargetWithoutAnOrderSortsWithinAChunkAndLeavesNothingOut() {
        for (int each = 0; each < 25; each++) {
            long _ = put("k%04d".formatted(each), "v%04d".formatted(99 - each));
        }

        List<RangeResponse> pieces = stream(all().setSortTarget(RangeRequest.SortTarget.VALUE));

        assertThat(sizes(pieces)).containsExactly(10, 15);
        assertThat(keys(pieces.getFirst())).startsWith("k0009", "k0008").endsWith("k0000");
        assertThat(keys(pieces.getLast())).startsWith("k0024", "k0023").endsWith("k0010");
    }

    private static List<String> keys(RangeResponse piece) {
        return piece.getKvsList().stream().map(kv -> kv.getKey().toStringUtf8()).toList();
    }

    @Test
    void chunksGrowFromTenKeysAndOnlyTheLastCarriesWhatIsKnownAtTheEnd() {
        putKeys(200, 100);

        List<RangeResponse> pieces = stream(all());

        assertThat(sizes(pieces)).containsExactly(10, 20, 40, 80, 50);
        assertThat(pieces.subList(0, 4)).allSatisfy(piece -> {
            assertThat(piece.hasHeader()).isFalse();
            assertThat(piece.getMore()).isFalse();
            assertThat(piece.getCount()).isZero();
        });
        assertThat(pieces.getLast().getHeader().getMemberId()).isEqualTo(ServedMember.MEMBER_ID);
        assertThat(pieces.getLast().getCount()).isEqualTo(200);
    }

    @Test
    void chunksDoNotGrowBeyondTheSizeOfARequest() {
        putKeys(60, ServedMember.REQUEST_BYTES_MAX / 12);

        assertThat(sizes(stream(all()))).containsExactly(10, 10, 10, 10, 10, 10);
    }

    @Test
    void aChunkOfLargeValuesEndsBeforeItsKeysAreAllRead() {
        putKeys(8, ServedMember.REQUEST_BYTES_MAX * 3 / 4);

        assertThat(sizes(stream(all()))).containsExactly(3, 3, 2);
    }

    @Test
    void aLimitLeavesKeysOutAndCountsThem() {
        putKeys(50, 1);

        List<RangeResponse> pieces = stream(all().setLimit(35));

        assertThat(sizes(pieces)).containsExactly(10, 20, 5);
        assertThat(pieces.getLast().getMore()).isTrue();
        assertThat(pieces.getLast().getCount()).isEqualTo(50);
    }

    @Test
    void aCountIsOneMessage() {
        putKeys(50, 1);

        List<RangeResponse> pieces = stream(all().setCountOnly(true).setLimit(5));

        assertThat(pieces).singleElement().satisfies(piece -> {
            assertThat(piece.getCount()).isEqualTo(50);
            assertThat(piece.getKvsCount()).isZero();
            assertThat(piece.getMore()).isFalse();
        });
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void writesDuringTheStreamAreNotSeen(boolean serializable) {
        putKeys(400, 4_000);
        long before = kv.range(all().setCountOnly(true).build()).getHeader().getRevision();
        Iterator<RangeStreamResponse> stream =
                kv.rangeStream(all().setSerializable(serializable).build());
        RangeResponse first = stream.next().getRangeResponse();
        long _ = put("k0399", "later");
        long _ = put("k0400", "later");
        var _ = kv.deleteRange(
                DeleteRangeRequest.newBuilder().setKey(text("k0398")).build());

        var rest = new ArrayList<>(List.of(first));
        stream.forEachRemaining(each -> rest.add(each.getRangeResponse()));

        RangeResponse whole = whole(rest);
        assertThat(whole.getHeader().getRevision()).isEqualTo(before);
        assertThat(whole.getKvsCount()).isEqualTo(400);
        assertThat(whole.getKvsList()).extracting(KeyValue::getValue).doesNotContain(text("later"));
    }

    @Test
    void anOldRevisionIsReadUnderTheHeaderOfTheNewest() {
        putKeys(30, 1);
        long old = put("k9", "1");
        long newest = put("k9", "2");

        RangeResponse whole = whole(stream(all().setRevision(old)));

        assertThat(whole.getHeader().getRevision()).isEqualTo(newest);
        assertThat(whole.getKvs(30).getValue()).isEqualTo(text("1"));
    }

    @Test
    void whatItCannotDoIsRefusedInEtcdsWords() {
        refuses(
                all().setSortOrder(RangeRequest.SortOrder.DESCEND),
                Status.Code.UNIMPLEMENTED,
                "RangeStream does not support custom sort orders");
        refuses(
                all().setSortOrder(RangeRequest.SortOrder.ASCEND).setSortTarget(RangeRequest.SortTarget.MOD),
                Status.Code.UNIMPLEMENTED,
                "RangeStream does not support custom sort orders");
        for (RangeRequest.Builder filtered : List.of(
                all().setMinModRevision(1),
                all().setMaxModRevision(1),
                all().setMinCreateRevision(1),
                all().setMaxCreateRevision(1))) {
            refuses(filtered, Status.Code.UNIMPLEMENTED, "RangeStream does not support revision filters");
        }
        refuses(RangeRequest.newBuilder(), Status.Code.INVALID_ARGUMENT, "etcdserver: key is not provided");
        refuses(all().setSortOrderValue(9), Status.Code.INVALID_ARGUMENT, "etcdserver: invalid sort option");
        refuses(
                all().setRevision(1L << 40),
                Status.Code.OUT_OF_RANGE,
                "etcdserver: mvcc: required revision is a future revision");
    }

    /** A client that takes an answer only when told to. */
    private static final class Reader implements ClientResponseObserver<RangeRequest, RangeStreamResponse> {

        private final LinkedBlockingQueue<Object> came = new LinkedBlockingQueue<>();
        private @Nullable ClientCallStreamObserver<RangeRequest> call;

        @Override
        public void beforeStart(ClientCallStreamObserver<RangeRequest> started) {
            call = started;
            call.disableAutoRequestWithInitial(1);
        }

        @Override
        public void onNext(RangeStreamResponse answer) {
            came.add(answer);
        }

        @Override
        public void onError(Throwable cause) {
            came.add(Status.fromThrowable(cause));
        }

        @Override
        public void onCompleted() {
            came.add(Status.OK);
        }

        ClientCallStreamObserver<RangeRequest> call() {
            return Objects.requireNonNull(call);
        }

        Object next() throws InterruptedException {
            Object next = came.poll(10, TimeUnit.SECONDS);
            assertThat(next).as("an answer in time").isNotNull();
            return Objects.requireNonNull(next);
        }
    }

    @Test
    void aCompactionEndsAStreamWhoseReaderIsSlow() throws Exception {
        putKeys(1_000, 4_000);
        var reader = new Reader();
        KVGrpc.newStub(member.channel).rangeStream(all().build(), reader);
        assertThat(reader.next()).isInstanceOf(RangeStreamResponse.class);
        long newest = put("k", "later");
        var _ = kv.compact(CompactionRequest.newBuilder().setRevision(newest).build());

        reader.call().request(1_000);
        Object last = reader.next();
        for (int answers = 0; last instanceof RangeStreamResponse && answers < 1_000; answers++) {
            last = reader.next();
        }

        assertThat(last).isInstanceOfSatisfying(Status.class, status -> {
            assertThat(status.getCode()).isEqualTo(Status.Code.OUT_OF_RANGE);
            assertThat(status.getDescription()).isEqualTo("etcdserver: mvcc: required revision has been compacted");
        });
    }

    @Test
    void aCancelledStreamLeavesTheMemberServing() throws Exception {
        putKeys(400, 4_000);
        var reader = new Reader();
        KVGrpc.newStub(member.channel).rangeStream(all().build(), reader);
        assertThat(reader.next()).isInstanceOf(RangeStreamResponse.class);

        reader.call().cancel("enough", null);

        assertThat(reader.next())
                .isInstanceOfSatisfying(
                        Status.class, status -> assertThat(status.getCode()).isEqualTo(Status.Code.CANCELLED));
        assertThat(whole(stream(all())).getHeader()).isNotEqualTo(ResponseHeader.getDefaultInstance());
    }
}
