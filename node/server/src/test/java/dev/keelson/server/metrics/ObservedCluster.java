package dev.keelson.server.metrics;

import com.google.protobuf.ByteString;
import dev.keelson.api.etcd.ClusterGrpc;
import dev.keelson.api.etcd.CompactionRequest;
import dev.keelson.api.etcd.Compare;
import dev.keelson.api.etcd.DeleteRangeRequest;
import dev.keelson.api.etcd.HashKVRequest;
import dev.keelson.api.etcd.HashRequest;
import dev.keelson.api.etcd.KVGrpc;
import dev.keelson.api.etcd.LeaseGrantRequest;
import dev.keelson.api.etcd.LeaseGrpc;
import dev.keelson.api.etcd.LeaseRevokeRequest;
import dev.keelson.api.etcd.MaintenanceGrpc;
import dev.keelson.api.etcd.MemberListRequest;
import dev.keelson.api.etcd.PutRequest;
import dev.keelson.api.etcd.RangeRequest;
import dev.keelson.api.etcd.RequestOp;
import dev.keelson.api.etcd.TxnRequest;
import dev.keelson.api.etcd.WatchCreateRequest;
import dev.keelson.api.etcd.WatchGrpc;
import dev.keelson.api.etcd.WatchRequest;
import dev.keelson.api.etcd.WatchResponse;
import dev.keelson.engine.Member;
import dev.keelson.engine.maintenance.MaintenanceConfig;
import dev.keelson.server.auth.AuthConfig;
import dev.keelson.server.http.AccessRules;
import dev.keelson.server.member.MemberConfig;
import dev.keelson.server.member.MemberEvents;
import dev.keelson.server.member.RunningMember;
import dev.keelson.server.port.ListenAddress;
import dev.keelson.server.port.PortLimits;
import dev.keelson.server.tracing.TracingConfig;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Members of one cluster in this process, with all that is measured switched on. */
public final class ObservedCluster implements AutoCloseable {

    private static final long WAIT_SECONDS = 30;

    private final Map<Integer, RunningMember> members = new TreeMap<>();
    private final List<Integer> ports = new ArrayList<>();
    private final List<Integer> metricsPorts = new ArrayList<>();
    private final HttpClient http = HttpClient.newHttpClient();
    private final CountDownLatch ready;

    public ObservedCluster(Path directory, int size) throws Exception {
        this(directory, size, null);
    }

    /** @param tracing where spans go, null for nowhere */
    public ObservedCluster(Path directory, int size, @Nullable TracingConfig tracing) throws Exception {
        ready = new CountDownLatch(size);
        var all = new ArrayList<Member>();
        var peerPorts = new ArrayList<Integer>();
        for (int at = 0; at < size; at++) {
            ports.add(freePort());
            metricsPorts.add(freePort());
            peerPorts.add(freePort());
            all.add(new Member(at + 1L, "", List.of("http://127.0.0.1:" + peerPorts.get(at)), List.of(), false));
        }
        for (int at = 0; at < size; at++) {
            Member self = all.get(at);
            var named = new Member(self.id(), "m" + at, self.peerUrls(), List.of(), false);
            var config = new MemberConfig(
                    7,
                    named,
                    all,
                    MemberConfig.Membership.FOUNDING,
                    new MemberConfig.Directories(directory.resolve("m" + at)),
                    new MemberConfig.Addresses(
                            addresses("listen-client-urls", ports.get(at)),
                            addresses("listen-peer-urls", peerPorts.get(at)),
                            addresses("listen-metrics-urls", metricsPorts.get(at))),
                    MemberConfig.Tls.NONE,
                    new MemberConfig.Timing(50, 10, 600_000),
                    new MemberConfig.Limits(PortLimits.defaults(), 128, 100_000, 5_000, true),
                    AuthConfig.STANDARD,
                    MaintenanceConfig.DEFAULT,
                    new MemberConfig.Web(true, AccessRules.OPEN),
                    new MemberConfig.Observation(true, 100, tracing, List.of("--name", named.name())));
            members.put(at, RunningMember.start(config, new Quiet()));
        }
        if (!ready.await(WAIT_SECONDS, TimeUnit.SECONDS)) {
            throw new AssertionError("not all members got ready");
        }
    }

    private static List<ListenAddress> addresses(String flag, int port) {
        return List.of(new ListenAddress(flag, "127.0.0.1", port));
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private final class Quiet implements MemberEvents {

        @Override
        public void info(String message, Object... fields) {}

        @Override
        public void warn(String message, Object... fields) {}

        @Override
        public void ready() {
            ready.countDown();
        }

        @Override
        public void fatal(String reason, Throwable cause) {
            throw new AssertionError(reason, cause);
        }
    }

    public int port(int member) {
        return ports.get(member);
    }

    int metricsPort(int member) {
        return metricsPorts.get(member);
    }

    void stop(int member) {
        Objects.requireNonNull(members.remove(member)).close();
    }

    HttpResponse<String> get(int port, String path) throws Exception {
        return http.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                        .timeout(Duration.ofSeconds(WAIT_SECONDS))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    String metrics(int member) throws Exception {
        return get(port(member), "/metrics").body();
    }

    /** The value of a sample, named with its labels. */
    double value(int member, String sample) throws Exception {
        return metrics(member)
                .lines()
                .filter(line -> line.startsWith(sample + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(sample.length() + 1)))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no sample " + sample));
    }

    /** Which of two members leads, once one does. */
    int leaderOf(int one, int other) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(WAIT_SECONDS);
        while (System.nanoTime() < deadline) {
            for (int member : new int[] {one, other}) {
                if (value(member, "etcd_server_is_leader") == 1) {
                    return member;
                }
            }
        }
        throw new AssertionError("neither leads");
    }

    void awaitInMetrics(int member, String beginning) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(WAIT_SECONDS);
        while (metrics(member).lines().noneMatch(line -> line.startsWith(beginning))) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("no " + beginning + " in the metrics of member " + member);
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
    }

    /** One request of every kind that leaves a trace in the metrics. */
    void sendRequests(int member) throws Exception {
        ManagedChannel channel = NettyChannelBuilder.forAddress("127.0.0.1", port(member))
                .usePlaintext()
                .build();
        try {
            writeAndRead(channel);
            watch(channel);
            var lease = LeaseGrpc.newBlockingStub(channel);
            long id = lease.leaseGrant(
                            LeaseGrantRequest.newBuilder().setTTL(100).build())
                    .getID();
            lease.leaseRevoke(LeaseRevokeRequest.newBuilder().setID(id).build());
            ClusterGrpc.newBlockingStub(channel).memberList(MemberListRequest.getDefaultInstance());
            var maintenance = MaintenanceGrpc.newBlockingStub(channel);
            maintenance.hash(HashRequest.getDefaultInstance());
            maintenance.hashKV(HashKVRequest.getDefaultInstance());
        } finally {
            channel.shutdownNow();
        }
        for (String probe : List.of("/health", "/livez", "/readyz")) {
            get(port(member), probe);
        }
    }

    private static void writeAndRead(ManagedChannel channel) {
        var kv = KVGrpc.newBlockingStub(channel);
        PutRequest put = put("key", "value");
        long revision = kv.put(put).getHeader().getRevision();
        kv.range(RangeRequest.newBuilder().setKey(put.getKey()).build());
        kv.txn(TxnRequest.newBuilder()
                .addCompare(Compare.newBuilder()
                        .setKey(put.getKey())
                        .setTarget(Compare.CompareTarget.VERSION)
                        .setResult(Compare.CompareResult.GREATER))
                .addSuccess(RequestOp.newBuilder().setRequestPut(put("other", "value")))
                .addSuccess(RequestOp.newBuilder()
                        .setRequestRange(RangeRequest.newBuilder().setKey(put.getKey())))
                .build());
        kv.deleteRange(DeleteRangeRequest.newBuilder().setKey(put.getKey()).build());
        kv.compact(CompactionRequest.newBuilder()
                .setRevision(revision)
                .setPhysical(true)
                .build());
        refused(() -> kv.range(RangeRequest.newBuilder()
                .setKey(put.getKey())
                .setRevision(revision + 1_000)
                .build()));
        refused(() -> kv.put(put.toBuilder().setLease(77).build()));
    }

    private static PutRequest put(String key, String value) {
        return PutRequest.newBuilder()
                .setKey(ByteString.copyFromUtf8(key))
                .setValue(ByteString.copyFromUtf8(value))
                .build();
    }

    private static void refused(Runnable request) {
        try {
            request.run();
        } catch (StatusRuntimeException refusal) {
            return;
        }
        throw new AssertionError("was not refused");
    }

    /** Sees one event come, then leaves. */
    private static void watch(ManagedChannel channel) throws InterruptedException {
        BlockingQueue<WatchResponse> heard = new LinkedBlockingQueue<>();
        StreamObserver<WatchRequest> stream = WatchGrpc.newStub(channel).watch(new StreamObserver<>() {
            @Override
            public void onNext(WatchResponse answer) {
                heard.add(answer);
            }

            @Override
            public void onError(Throwable broken) {}

            @Override
            public void onCompleted() {}
        });
        stream.onNext(WatchRequest.newBuilder()
                .setCreateRequest(WatchCreateRequest.newBuilder().setKey(ByteString.copyFromUtf8("watched")))
                .build());
        take(heard);
        KVGrpc.newBlockingStub(channel).put(put("watched", "value"));
        if (take(heard).getEventsCount() != 1) {
            throw new AssertionError("no event");
        }
        stream.onCompleted();
    }

    private static WatchResponse take(BlockingQueue<WatchResponse> heard) throws InterruptedException {
        WatchResponse answer = heard.poll(WAIT_SECONDS, TimeUnit.SECONDS);
        if (answer == null) {
            throw new AssertionError("no answer of the watch");
        }
        return answer;
    }

    @Override
    public void close() {
        members.values().forEach(RunningMember::close);
    }
}
