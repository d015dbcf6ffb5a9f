package dev.keelson.server.grpc;

import static dev.keelson.server.grpc.WatchCaller.on;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.keelson.api.etcd.CompactionRequest;
import dev.keelson.api.etcd.DeleteRangeRequest;
import dev.keelson.api.etcd.KVGrpc;
import dev.keelson.api.etcd.PutRequest;
import dev.keelson.api.etcd.ResponseHeader;
import dev.keelson.api.etcd.WatchCreateRequest.FilterType;
import dev.keelson.api.etcd.WatchRequest;
import dev.keelson.api.etcd.WatchResponse;
import dev.keelson.api.mvcc.Event;
import dev.keelson.server.port.PortLimits;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class WatchTest {

    private static final int ANSWER_BYTES_MAX = ServedMember.REQUEST_BYTES_MAX + PortLimits.FRAME_OVERHEAD_BYTES;

    @TempDir
    static Path directory;

    private static ServedMember member;
    private static KVGrpc.KVBlockingStub kv;

    private WatchCaller watch;

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
    void open() {
        watch = WatchCaller.open(member.channel);
    }

    @AfterEach
    void close() {
        watch.close();
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

    private static long delete(String key) {
        return kv.deleteRange(DeleteRangeRequest.newBuilder().setKey(text(key)).build())
                .getHeader()
                .getRevision();
    }

    private static long revision() {
        return kv.range(dev.keelson.api.etcd.RangeRequest.newBuilder()
                        .setKey(text("none"))
                        .build())
                .getHeader()
                .getRevision();
    }

    private static String show(WatchResponse answer) {
        var text = new StringBuilder().append(answer.getWatchId()).append(':');
        for (Event event : answer.getEventsList()) {
            text.append(' ')
                    .append(event.getType())
                    .append(' ')
                    .append(event.getKv().getKey().toStringUtf8());
            text.append('=').append(event.getKv().getValue().toStringUtf8());
            if (event.hasPrevKv()) {
                text.append('<').append(event.getPrevKv().getValue().toStringUtf8());
            }
        }
        return text.toString();
    }

    private static ResponseHeader header(long revision) {
        return ResponseHeader.newBuilder()
                .setClusterId(ServedMember.CLUSTER_ID)
                .setMemberId(ServedMember.MEMBER_ID)
                .setRevision(revision)
                .setRaftTerm(kv.range(dev.keelson.api.etcd.RangeRequest.newBuilder()
                                .setKey(text("none"))
                                .build())
                        .getHeader()
                        .getRaftTerm())
                .build();
    }

    @Test
    void aWatcherIsCreatedBeforeItHearsOfAnything() throws Exception {
        long before = revision();

        WatchResponse created = watch.create(on("first"));
        long changed = put("first", "1");

        assertThat(created)
                .isEqualTo(WatchResponse.newBuilder()
                        .setHeader(header(before))
                        .setCreated(true)
                        .build());
        WatchResponse heard = watch.next();
        assertThat(heard.getHeader()).isEqualTo(header(changed));
        assertThat(heard.getEventsList()).singleElement().satisfies(event -> {
            assertThat(event.getType()).isEqualTo(Event.EventType.PUT);
            assertThat(event.getKv().getCreateRevision()).isEqualTo(changed);
            assertThat(event.getKv().getModRevision()).isEqualTo(changed);
            assertThat(event.getKv().getVersion()).isEqualTo(1);
            assertThat(event.getKv().getValue()).isEqualTo(text("1"));
            assertThat(event.hasPrevKv()).isFalse();
        });
    }

    @Test
    void idsAreChosenByEitherSide() throws Exception {
        assertThat(watch.create(on("ids")).getWatchId()).isZero();
        assertThat(watch.create(on("ids").setWatchId(2)).getWatchId()).isEqualTo(2);
        assertThat(watch.create(on("ids")).getWatchId()).isEqualTo(1);
        assertThat(watch.create(on("ids")).getWatchId()).isEqualTo(3);
        assertThat(watch.create(on("ids").setWatchId(-7)).getWatchId()).isEqualTo(-7);
    }

    @Test
    void whatCannotBeWatchedIsRefusedInEtcdsWords() throws Exception {
        var _ = watch.create(on("refused").setWatchId(5));

        assertRefused(
                watch.create(on("refused").setWatchId(5)), "mvcc: duplicate watch ID provided on the WatchStream");
        assertRefused(watch.create(on("b", "a")), "mvcc: watcher range is empty");
        assertRefused(watch.create(on("b", "b")), "mvcc: watcher range is empty");
        assertRefused(
                watch.create(on("b").setStartRevision(-1)), "etcdserver: mvcc: required revision has been compacted");
    }

    private static void assertRefused(WatchResponse answer, String reason) {
        assertThat(answer)
                .isEqualTo(WatchResponse.newBuilder()
                        .setHeader(header(revision()))
                        .setWatchId(-1)
                        .setCreated(true)
                        .setCanceled(true)
                        .setCancelReason(reason)
                        .build());
    }

    @Test
    void aCanceledWatcherSaysSoOnceAndAnUnknownOneNothing() throws Exception {
        var _ = watch.create(on("cancel"));
        watch.cancel(99);
        watch.cancel(0);
        watch.cancel(0);
        long last = revision();

        assertThat(watch.next())
                .isEqualTo(WatchResponse.newBuilder()
                        .setHeader(header(last))
                        .setCanceled(true)
                        .build());
        long _ = put("cancel", "unheard");
        assertThat(watch.create(on("cancel").setWatchId(1)).getWatchId()).isEqualTo(1);
    }

    @Test
    void filtersAndFormerValuesAreAsAskedFor() throws Exception {
        var _ = watch.create(on("asked").setWatchId(1).setPrevKv(true));
        var _ = watch.create(on("asked").setWatchId(2).addFilters(FilterType.NOPUT));
        var _ = watch.create(on("asked").setWatchId(3).addFilters(FilterType.NODELETE));
        var _ = watch.create(
                on("asked").setWatchId(4).addFilters(FilterType.NODELETE).addFilters(FilterType.NOPUT));
        var _ = watch.create(on("asked").setWatchId(5).addFiltersValue(9));
        long _ = put("asked", "a");
        long _ = put("asked", "b");
        long last = delete("asked");

        var heard = new HashMap<Long, String>();
        for (int answers = 0; answers < 9; answers++) {
            WatchResponse answer = watch.next();
            heard.merge(answer.getWatchId(), show(answer), (one, more) -> one + "|" + more);
        }

        assertThat(heard.get(1L)).isEqualTo("1: PUT asked=a|1: PUT asked=b<a|1: DELETE asked=<b");
        assertThat(heard.get(2L)).isEqualTo("2: DELETE asked=");
        assertThat(heard.get(3L)).isEqualTo("3: PUT asked=a|3: PUT asked=b");
        assertThat(heard).doesNotContainKey(4L);
        assertThat(heard.get(5L)).isEqualTo("5: PUT asked=a|5: PUT asked=b|5: DELETE asked=");
        watch.requestProgress();
        assertThat(watch.next())
                .isEqualTo(WatchResponse.newBuilder()
                        .setHeader(header(last))
                        .setWatchId(-1)
                        .build());
    }

    @Test
    void thePastIsToldFromTheRevisionAskedFor() throws Exception {
        long _ = put("past", "1");
        long from = put("past", "2");
        long _ = put("other", "x");
        long last = put("past", "3");

        var _ = watch.create(on("past").setStartRevision(from));
        WatchResponse heard = watch.next();

        assertThat(show(heard)).isEqualTo("0: PUT past=2 PUT past=3");
        assertThat(heard.getHeader()).isEqualTo(header(last));
    }

    @Test
    void aPastThatWasCompactedCancelsUnderAHeaderWithoutRevision() throws Exception {
        long old = put("gone", "1");
        long kept = put("gone", "2");
        var _ = kv.compact(CompactionRequest.newBuilder().setRevision(kept).build());

        var _ = watch.create(on("gone").setStartRevision(old));

        assertThat(watch.next())
                .isEqualTo(WatchResponse.newBuilder()
                        .setHeader(header(0))
                        .setCanceled(true)
                        .setCompactRevision(kept)
                        .build());
        var _ = watch.create(on("gone").setStartRevision(kept).setWatchId(8));
        assertThat(show(watch.next())).isEqualTo("8: PUT gone=2");
    }

    @Test
    void thereIsNoProgressToTellWithoutWatchersOrBeforeOneHasBegun() throws Exception {
        watch.requestProgress();
        var _ = watch.create(on("progress").setStartRevision(revision() + 2).setWatchId(1));
        watch.requestProgress();
        long _ = put("elsewhere", "1");
        long last = put("elsewhere", "2");

        watch.requestProgress();

        assertThat(watch.next().getHeader()).isEqualTo(header(last));
    }

    @Test
    void requestsOfNoKnownKindAreOverheard() throws Exception {
        watch.ask(WatchRequest.getDefaultInstance());

        assertThat(watch.create(on("")).getWatchId()).isZero();
    }

    @Test
    void aClientThatHasSaidAllStillListens() throws Exception {
        var _ = watch.create(on("silent"));
        watch.halfClose();

        long _ = put("silent", "1");

        assertThat(show(watch.next())).isEqualTo("0: PUT silent=1");
    }

    @Test
    void onlyThoseWhoAskedGetALargeAnswerInPieces() throws Exception {
        String value = "v".repeat(ServedMember.REQUEST_BYTES_MAX * 3 / 4);
        for (int each = 0; each < 30; each++) {
            long _ = put("large/" + (char) ('A' + each), value);
        }
        var _ = watch.create(on("large/", "large0").setPrevKv(true).setFragment(true));
        WatchCaller other = WatchCaller.open(member.channel);
        var _ = other.create(on("large/", "large0").setPrevKv(true));

        var _ = kv.deleteRange(DeleteRangeRequest.newBuilder()
                .setKey(text("large/"))
                .setRangeEnd(text("large0"))
                .build());
        List<WatchResponse> pieces = new ArrayList<>();
        do {
            pieces.add(watch.next());
        } while (pieces.getLast().getFragment());
        WatchResponse whole = other.next();
        other.close();

        assertThat(pieces).hasSize(3);
        assertThat(pieces).allSatisfy(piece -> {
            assertThat(piece.getSerializedSize()).isLessThan(ANSWER_BYTES_MAX);
            assertThat(piece.getHeader()).isEqualTo(whole.getHeader());
        });
        List<Event> events =
                pieces.stream().flatMap(piece -> piece.getEventsList().stream()).toList();
        assertThat(events).isEqualTo(whole.getEventsList());
        assertThat(whole.getFragment()).isFalse();
        assertThat(whole.getSerializedSize()).isGreaterThan(ANSWER_BYTES_MAX);
    }

    @Test
    void thousandsOnOneStreamHearOfEachChangeOnce() throws Exception {
        int watchers = 3_000;
        int changes = 20;
        for (int each = 1; each <= watchers; each++) {
            watch.ask(on("crowd").setWatchId(each));
        }
        for (int each = 1; each <= watchers; each++) {
            assertThat(watch.next().getWatchId()).isEqualTo(each);
        }
        for (int change = 0; change < changes; change++) {
            long _ = put("crowd", Integer.toString(change));
        }

        var heard = new HashMap<Long, StringBuilder>();
        for (int events = 0; events < watchers * changes; ) {
            WatchResponse answer = watch.next();
            for (Event event : answer.getEventsList()) {
                heard.computeIfAbsent(answer.getWatchId(), _ -> new StringBuilder())
                        .append(event.getKv().getValue().toStringUtf8())
                        .append(' ');
                events++;
            }
        }

        assertThat(heard).hasSize(watchers);
        assertThat(heard.values())
                .allSatisfy(values ->
                        assertThat(values.toString()).isEqualTo("0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 "));
    }
}
