package dev.keelson.operator.store;

import dev.keelson.api.etcd.ClusterGrpc;
import dev.keelson.api.etcd.ClusterGrpc.ClusterBlockingStub;
import dev.keelson.api.etcd.MaintenanceGrpc;
import dev.keelson.api.etcd.Member;
import dev.keelson.api.etcd.MemberAddRequest;
import dev.keelson.api.etcd.MemberListRequest;
import dev.keelson.api.etcd.MemberListResponse;
import dev.keelson.api.etcd.MemberPromoteRequest;
import dev.keelson.api.etcd.MemberRemoveRequest;
import dev.keelson.api.etcd.MoveLeaderRequest;
import dev.keelson.api.etcd.StatusRequest;
import dev.keelson.api.etcd.StatusResponse;
import dev.keelson.operator.observe.StoreMember;
import dev.keelson.operator.observe.StoreMember.Health;
import dev.keelson.operator.observe.StoreObservation;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A store spoken to by etcd's API over gRPC, one connection a member. For one thread; closes its connections. */
final class GrpcStore implements Store {
    private static final long ASK_MILLIS = 2_000;
    private static final long CHANGE_MILLIS = 8_000;

    private final Map<String, ManagedChannel> channels;
    /** The order in which members are asked to change something: the leader first, once it is known. */
    private final List<String> order;

    GrpcStore(Map<String, ManagedChannel> channels) {
        this.channels = new LinkedHashMap<>(channels);
        this.order = new ArrayList<>(channels.keySet());
    }

    @Override
    public StoreObservation observe() {
        Map<String, StatusResponse> statuses = new ConcurrentHashMap<>();
        Map<String, MemberListResponse> lists = new ConcurrentHashMap<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            channels.forEach((member, channel) -> {
                threads.execute(() -> ask(() -> statuses.put(member, status(channel))));
                threads.execute(() -> ask(() -> lists.put(member, list(channel, true))));
            });
        }
        boolean quorate = !lists.isEmpty();
        if (!quorate) {
            for (Map.Entry<String, ManagedChannel> member : channels.entrySet()) {
                if (lists.isEmpty() && statuses.containsKey(member.getKey())) {
                    ask(() -> lists.put(member.getKey(), list(member.getValue(), false)));
                }
            }
        }
        if (lists.isEmpty()) {
            return StoreObservation.SILENT;
        }
        MemberListResponse list = lists.values().iterator().next();
        Map<Long, StatusResponse> byId = new LinkedHashMap<>();
        statuses.values().forEach(status -> byId.put(status.getHeader().getMemberId(), status));
        List<StoreMember> members = list.getMembersList().stream()
                .map(member -> member(member, byId.get(member.getID())))
                .toList();
        StoreObservation seen = new StoreObservation(quorate, list.getHeader().getClusterId(), members);
        StoreMember leader = seen.leader();
        if (leader != null && order.remove(leader.host())) {
            order.addFirst(leader.host());
        }
        return seen;
    }

    /** Silence is an answer too: a member that does not answer is missing in the observation. */
    private static void ask(Runnable question) {
        try {
            question.run();
        } catch (StatusRuntimeException e) {
            System.Logger.Level level = System.Logger.Level.DEBUG;
            System.getLogger(GrpcStore.class.getName()).log(level, "a member does not answer", e);
        }
    }

    private static StatusResponse status(ManagedChannel channel) {
        return MaintenanceGrpc.newBlockingStub(channel)
                .withDeadlineAfter(ASK_MILLIS, TimeUnit.MILLISECONDS)
                .status(StatusRequest.getDefaultInstance());
    }

    private static MemberListResponse list(ManagedChannel channel, boolean linearizable) {
        return ClusterGrpc.newBlockingStub(channel)
                .withDeadlineAfter(ASK_MILLIS, TimeUnit.MILLISECONDS)
                .memberList(MemberListRequest.newBuilder()
                        .setLinearizable(linearizable)
                        .build());
    }

    private static StoreMember member(Member member, @Nullable StatusResponse status) {
        String host = member.getPeerURLsList().isEmpty()
                ? member.getName()
                : URI.create(member.getPeerURLs(0)).getHost();
        int dot = host.indexOf('.');
        return new StoreMember(
                member.getID(),
                member.getName(),
                dot < 0 ? host : host.substring(0, dot),
                member.getIsLearner(),
                status == null ? null : health(status));
    }

    private static Health health(StatusResponse status) {
        return new Health(
                status.getLeader(),
                status.getRaftIndex(),
                status.getRaftAppliedIndex(),
                status.getHeader().getRevision(),
                status.getVersion(),
                status.getDbSize(),
                status.getErrorsList());
    }

    @Override
    public void addLearner(String peerUrl) {
        change(stub -> stub.memberAdd(MemberAddRequest.newBuilder()
                .addPeerURLs(peerUrl)
                .setIsLearner(true)
                .build()));
    }

    @Override
    public void promote(long memberId) {
        change(stub -> stub.memberPromote(
                MemberPromoteRequest.newBuilder().setID(memberId).build()));
    }

    @Override
    public void remove(long memberId) {
        change(stub -> stub.memberRemove(
                MemberRemoveRequest.newBuilder().setID(memberId).build()));
    }

    @Override
    public void moveLeader(String leader, long targetId) {
        ManagedChannel channel = channels.get(leader);
        if (channel == null) {
            throw new StoreException(leader + " cannot be reached");
        }
        try {
            MaintenanceGrpc.newBlockingStub(channel)
                    .withDeadlineAfter(CHANGE_MILLIS, TimeUnit.MILLISECONDS)
                    .moveLeader(
                            MoveLeaderRequest.newBuilder().setTargetID(targetId).build());
        } catch (StatusRuntimeException e) {
            throw new StoreException(e.getStatus().toString(), e);
        }
    }

    /** One member is asked, not one after another: after a silence nobody knows whether the change was made. */
    private void change(Consumer<ClusterBlockingStub> call) {
        if (order.isEmpty()) {
            throw new StoreException("no member can be reached");
        }
        try {
            call.accept(ClusterGrpc.newBlockingStub(channels.get(order.getFirst()))
                    .withDeadlineAfter(CHANGE_MILLIS, TimeUnit.MILLISECONDS));
        } catch (StatusRuntimeException e) {
            throw new StoreException(e.getStatus().toString(), e);
        }
    }

    @Override
    public void close() {
        channels.values().forEach(ManagedChannel::shutdownNow);
    }
}
