package dev.keelson.server.member;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.ByteString;
import dev.keelson.api.etcd.AlarmMember;
import dev.keelson.api.etcd.AlarmRequest;
import dev.keelson.api.etcd.AlarmRequest.AlarmAction;
import dev.keelson.api.etcd.AlarmType;
import dev.keelson.api.etcd.CompactionRequest;
import dev.keelson.api.etcd.DefragmentRequest;
import dev.keelson.api.etcd.DeleteRangeRequest;
import dev.keelson.api.etcd.DowngradeRequest;
import dev.keelson.api.etcd.DowngradeRequest.DowngradeAction;
import dev.keelson.api.etcd.PutRequest;
import dev.keelson.api.etcd.RangeRequest;
import dev.keelson.api.etcd.StatusRequest;
import dev.keelson.api.etcd.StatusResponse;
import dev.keelson.mvcc.backend.Cursor;
import dev.keelson.mvcc.backend.Family;
import dev.keelson.server.member.GrowingCluster.Node;
import dev.keelson.storage.RocksBackend;
import dev.keelson.storage.StorageConfig;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whole members that run out of space, differ from each other, or are about to go down a version. */
class MaintenanceTest {

    private static final long WAIT_SECONDS = 30;
    private static final long LOOK_MILLIS = 20;
    private static final ByteString KEY = ByteString.copyFromUtf8("key");
    private static final int PUTS_MAX = 100;
    private static final String NO_SPACE = "etcdserver: mvcc: database space exceeded";

    @TempDir
    Path directory;

    private GrowingCluster cluster;

    @BeforeEach
    void begin() {
        cluster = new GrowingCluster(directory);
    }

    @AfterEach
    void end() {
        cluster.close();
    }

    private Node alone(String... flags) throws InterruptedException {
        Node node = cluster.node();
        node.start("new", List.of(node), flags);
        node.awaitReady();
        return node;
    }

    private List<Node> three(String... flags) throws InterruptedException {
        List<Node> nodes = List.of(cluster.node(), cluster.node(), cluster.node());
        for (Node node : nodes) {
            node.start("new", nodes, flags);
        }
        for (Node node : nodes) {
            node.awaitReady();
        }
        return nodes;
    }

    private static void put(Node node, int bytes) {
        var _ = node.kv()
                .put(PutRequest.newBuilder()
                        .setKey(KEY)
                        .setValue(ByteString.copyFrom(new byte[bytes]))
                        .build());
    }

    private static void refused(Status.Code code, String text, Runnable request) {
        var refusal = catchThrowableOfType(StatusRuntimeException.class, request::run);
        assertThat(refusal.getStatus().getCode()).isEqualTo(code);
        assertThat(refusal.getStatus().getDescription()).isEqualTo(text);
    }

    private static List<AlarmMember> alarm(Node node, AlarmAction action, AlarmType type, long member) {
        return node.maintenance()
                .alarm(AlarmRequest.newBuilder()
                        .setAction(action)
                        .setAlarm(type)
                        .setMemberID(member)
                        .build())
                .getAlarmsList();
    }

    private static List<AlarmMember> alarms(Node node) {
        return alarm(node, AlarmAction.GET, AlarmType.NONE, 0);
    }

    private static AlarmMember raised(AlarmType type, long member) {
        return AlarmMember.newBuilder().setAlarm(type).setMemberID(member).build();
    }

    private static StatusResponse status(Node node) {
        return node.maintenance().status(StatusRequest.getDefaultInstance());
    }

    private static long id(Node node) {
        return status(node).getHeader().getMemberId();
    }

    private static void await(String what, BooleanSupplier reached) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(WAIT_SECONDS);
        while (!reached.getAsBoolean()) {
            assertThat(System.nanoTime()).as("time left for: " + what).isLessThan(deadline);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(LOOK_MILLIS));
        }
    }

    private static void fill(Node node) {
        refused(Status.Code.RESOURCE_EXHAUSTED, NO_SPACE, () -> {
            for (int puts = 0; puts < PUTS_MAX; puts++) {
                put(node, 10_000);
            }
        });
    }

    @Test
    void aFullStoreTakesNothingMoreUntilItIsEmptiedAndTheAlarmCleared() throws InterruptedException {
        Node node = alone("--quota-backend-bytes=200000");
        fill(node);
        long full = status(node).getDbSize();
        long id = id(node);
        assertThat(alarms(node)).containsExactly(raised(AlarmType.NOSPACE, id));
        assertThat(status(node).getErrorsList())
                .containsExactly("memberID:" + Long.toUnsignedString(id) + " alarm:NOSPACE");
        refused(Status.Code.RESOURCE_EXHAUSTED, NO_SPACE, () -> put(node, 1));

        long revision = node.kv()
                .deleteRange(DeleteRangeRequest.newBuilder().setKey(KEY).build())
                .getHeader()
                .getRevision();
        var _ = node.kv()
                .compact(CompactionRequest.newBuilder()
                        .setRevision(revision)
                        .setPhysical(true)
                        .build());
        assertThat(status(node).getDbSize()).isEqualTo(full);
        assertThat(status(node).getDbSizeInUse()).isLessThan(full / 2);
        assertThat(node.maintenance()
                        .defragment(DefragmentRequest.getDefaultInstance())
                        .hasHeader())
                .isFalse();
        assertThat(status(node).getDbSize()).isLessThan(full / 2);

        refused(Status.Code.RESOURCE_EXHAUSTED, NO_SPACE, () -> put(node, 1));
        assertThat(alarm(node, AlarmAction.DEACTIVATE, AlarmType.NOSPACE, id))
                .containsExactly(raised(AlarmType.NOSPACE, id));
        put(node, 1);
        assertThat(alarms(node)).isEmpty();
    }

    @Test
    void aMemberThatIsFullKeepsWritesOutOfAllAndOneThatIsTornDownRemembersIt() throws InterruptedException {
        List<Node> nodes = three("--quota-backend-bytes=200000");
        fill(nodes.getFirst());
        long id = id(nodes.getFirst());

        refused(Status.Code.RESOURCE_EXHAUSTED, NO_SPACE, () -> put(nodes.getLast(), 1));
        nodes.getLast().stop();
        nodes.getLast().start("new", nodes, "--quota-backend-bytes=200000");
        nodes.getLast().awaitReady();

        assertThat(alarms(nodes.getLast())).contains(raised(AlarmType.NOSPACE, id));
    }

    @Test
    void dataThatAreKnownToDifferAreReadButNotChanged() throws InterruptedException {
        Node node = alone();
        put(node, 1);
        assertThat(alarm(node, AlarmAction.ACTIVATE, AlarmType.CORRUPT, 0))
                .containsExactly(raised(AlarmType.CORRUPT, 0));

        refused(Status.Code.DATA_LOSS, "etcdserver: corrupt cluster", () -> put(node, 1));
        refused(Status.Code.DATA_LOSS, "etcdserver: corrupt cluster", () -> {
            var _ = node.kv()
                    .deleteRange(DeleteRangeRequest.newBuilder().setKey(KEY).build());
        });
        assertThat(node.kv()
                        .range(RangeRequest.newBuilder().setKey(KEY).build())
                        .getCount())
                .isEqualTo(1);
        var _ = alarm(node, AlarmAction.DEACTIVATE, AlarmType.CORRUPT, 0);
        put(node, 1);
    }

    @Test
    void aDowngradeLowersTheVersionOfTheClusterAndCallingItOffRaisesItAgain() throws InterruptedException {
        Node node = alone();
        await("a version", () -> status(node).getStorageVersion().equals("3.7.0"));
        refused(
                Status.Code.INVALID_ARGUMENT,
                "etcdserver: wrong downgrade target version format",
                () -> downgrade(node, DowngradeAction.VALIDATE, "three"));
        refused(
                Status.Code.INVALID_ARGUMENT,
                "etcdserver: invalid downgrade target version",
                () -> downgrade(node, DowngradeAction.ENABLE, "3.5"));
        assertThat(downgrade(node, DowngradeAction.VALIDATE, "3.6.4")).isEqualTo("3.7");
        assertThat(downgrade(node, DowngradeAction.CANCEL, "")).isEqualTo("3.7");

        assertThat(downgrade(node, DowngradeAction.ENABLE, "3.6")).isEqualTo("3.7");
        assertThat(status(node).getDowngradeInfo().getTargetVersion()).isEqualTo("3.6.0");
        refused(Status.Code.FAILED_PRECONDITION, "etcdserver: cluster has a downgrade job in progress", () -> {
            await("the lower version", () -> status(node).getStorageVersion().equals("3.6.0"));
            downgrade(node, DowngradeAction.VALIDATE, "3.5");
        });
        put(node, 1);

        assertThat(downgrade(node, DowngradeAction.CANCEL, "")).isEqualTo("3.6");
        await("the own version", () -> status(node).getStorageVersion().equals("3.7.0"));
        assertThat(status(node).getDowngradeInfo().getEnabled()).isFalse();
    }

    private static String downgrade(Node node, DowngradeAction action, String version) {
        return node.maintenance()
                .downgrade(DowngradeRequest.newBuilder()
                        .setAction(action)
                        .setVersion(version)
                        .build())
                .getVersion();
    }

    @Test
    void aMemberWhoseDataDifferIsFoundOut() throws InterruptedException {
        String check = "--corrupt-check-time=300ms";
        List<Node> nodes = three(check);
        Node odd = follower(nodes);
        long id = falsify(nodes, odd);
        odd.start("new", nodes, check);

        await("an alarm", () -> !alarms(leader(nodes)).isEmpty());

        assertThat(alarms(leader(nodes))).containsExactly(raised(AlarmType.CORRUPT, id));
    }

    @Test
    void aMemberWhoseDataDifferIsFoundOutAfterACompaction() throws InterruptedException {
        String[] check = {"--feature-gates=CompactHashCheck=true", "--compact-hash-check-time=300ms"};
        List<Node> nodes = three(check);
        Node odd = follower(nodes);
        long id = falsify(nodes, odd);
        odd.start("new", nodes, check);
        odd.awaitReady();
        assertThat(alarms(odd)).isEmpty();

        var _ = odd.kv().compact(CompactionRequest.newBuilder().setRevision(3).build());
        await("an alarm", () -> !alarms(leader(nodes)).isEmpty());

        assertThat(alarms(leader(nodes))).containsExactly(raised(AlarmType.CORRUPT, id));
    }

    @Test
    void aMemberWhoseDataDifferDoesNotTakePart() throws InterruptedException {
        List<Node> nodes = three();
        Node odd = follower(nodes);
        long id = falsify(nodes, odd);

        assertThatThrownBy(() -> odd.start("new", nodes, "--feature-gates=InitialCorruptCheck=true"))
                .hasMessageStartingWith(String.format("etcdmain: %016x found data inconsistency with peers", id));
    }

    @Test
    void aMemberWhoseDataAreThoseOfTheOthersTakesPart() throws InterruptedException {
        List<Node> nodes = three();
        put(leader(nodes), 5);
        Node back = follower(nodes);
        back.stop();
        back.start("new", nodes, "--feature-gates=InitialCorruptCheck=true");
        back.awaitReady();
        put(back, 5);
    }

    private static Node leader(List<Node> nodes) {
        long leader = status(nodes.getFirst()).getLeader();
        return nodes.stream().filter(node -> id(node) == leader).findFirst().orElse(nodes.getFirst());
    }

    private static Node follower(List<Node> nodes) {
        return nodes.stream().filter(node -> node != leader(nodes)).findFirst().orElseThrow();
    }

    /** Stops a member and changes a value in its data; returns its id. */
    private static long falsify(List<Node> nodes, Node odd) {
        put(leader(nodes), 5);
        put(leader(nodes), 5);
        long revision = status(leader(nodes)).getHeader().getRevision();
        await("the member to catch up", () -> status(odd).getHeader().getRevision() == revision);
        long id = id(odd);
        odd.stop();
        try (var store = RocksBackend.open(odd.data().resolve("db"), StorageConfig.defaults())) {
            byte[] key;
            byte[] row;
            try (Cursor newest = store.descend(Family.HISTORY, new byte[0], null)) {
                key = newest.key();
                row = newest.value();
            }
            row[row.length - 1] ^= 1;
            store.write(batch -> batch.put(Family.HISTORY, key, row));
            store.flush();
        }
        return id;
    }
}
