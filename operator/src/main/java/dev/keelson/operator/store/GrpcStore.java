package dev.keelson.operator.store;

import dev.keelson.api.etcd.ClusterGrpc;
import dev.keelson.api.etcd.ClusterGrpc.ClusterBlockingStub;
import dev.keelson.api.etcd.DowngradeRequest;
import dev.keelson.api.etcd.DowngradeRequest.DowngradeAction;
import dev.keelson.api.etcd.MaintenanceGrpc;
import dev.keelson.api.etcd.MaintenanceGrpc.MaintenanceBlockingStub;
import dev.keelson.api.etcd.MemberAddRequest;
import dev.keelson.api.etcd.MemberListRequest;
import dev.keelson.api.etcd.MemberListResponse;
import dev.keelson.api.etcd.MemberPromoteRequest;
import dev.keelson.api.etcd.MemberRemoveRequest;
import dev.keelson.api.etcd.MoveLeaderRequest;
import dev.keelson.api.etcd.StatusRequest;
import dev.keelson.api.etcd.StatusResponse;
import dev.keelson.operator.observe.StoreMember;
import dev.keelson.operator.observe.StoreObservation;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.AbstractStub;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** A store spoken to by etcd's API over gRPC, one connection a member. For one pass and one thread. */
final class GrpcStore implements Store {
    private static final long ASK_MILLIS = 2_000;
    private static final long CHANGE_MILLIS = 8_000;

    private final Connections connections;
    private final Map<String, ManagedChannel> channels;
    private final RootUser root;
    /** The order in which members are asked to change something: the leader first, once it is known. */
    private final List<String> order;
    /** Who said nothing: connections that the next pass makes anew. */
    private final Set<String> silent = new HashSet<>();

    GrpcStore(Connections connections, Map<String, ManagedChannel> channels, List<String> rootPasswords) {
        this.connections = connections;
        this.channels = channels;
        this.root = new RootUser(connections, rootPasswords);
        this.order = new ArrayList<>(channels.keySet());
    }

    @Override
    public StoreObservation observe() {
        boolean guarded = root.enter(channels);
        Map<String, StatusResponse> statuses = new ConcurrentHashMap<>();
        Map<String, MemberListResponse> lists = new ConcurrentHashMap<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            channels.forEach((member, channel) -> {
                threads.execute(() -> ask(member, () -> statuses.put(member, status(channel))));
                threads.execute(() -> ask(member, () -> lists.put(member, list(channel, true))));
            });
        }
        silent.addAll(channels.keySet());
        silent.removeAll(statuses.keySet());
        boolean quorate = !lists.isEmpty();
        if (!quorate) {
            for (Map.Entry<String, ManagedChannel> member : channels.entrySet()) {
                if (lists.isEmpty() && statuses.containsKey(member.getKey())) {
                    ask(member.getKey(), () -> lists.put(member.getKey(), list(member.getValue(), false)));
                }
            }
        }
        if (lists.isEmpty()) {
            return StoreObservation.SILENT;
        }
        StoreObservation seen =
                Answers.joined(quorate, lists.values().iterator().next(), statuses.values(), guarded);
        StoreMember leader = seen.leader();
        if (leader != null && order.remove(leader.host())) {
            order.addFirst(leader.host());
        }
        return seen;
    }

    /** Silence is an answer too: a member that does not answer is missing in the observation. */
    private void ask(String member, Runnable question) {
        try {
            question.run();
        } catch (StatusRuntimeException e) {
            System.Logger.Level level = System.Logger.Level.DEBUG;
            System.getLogger(GrpcStore.class.getName()).log(level, member + " does not answer", e);
            if (e.getStatus().getCode() == Status.Code.UNAUTHENTICATED) {
                // Members forget tokens when they start.
                connections.token(null);
            }
        }
    }

    private StatusResponse status(ManagedChannel channel) {
        return maintenance(channel, ASK_MILLIS).status(StatusRequest.getDefaultInstance());
    }

    private MemberListResponse list(ManagedChannel channel, boolean linearizable) {
        return within(ClusterGrpc.newBlockingStub(channel), ASK_MILLIS)
                .memberList(MemberListRequest.newBuilder()
                        .setLinearizable(linearizable)
                        .build());
    }

    private MaintenanceBlockingStub maintenance(ManagedChannel channel, long millis) {
        return within(MaintenanceGrpc.newBlockingStub(channel), millis);
    }

    private <S extends AbstractStub<S>> S within(S stub, long millis) {
        return root.known(stub).withDeadlineAfter(millis, TimeUnit.MILLISECONDS);
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
        tell(() -> maintenance(channel, CHANGE_MILLIS)
                .moveLeader(MoveLeaderRequest.newBuilder().setTargetID(targetId).build()));
    }

    @Override
    public void enableDowngrade(String target) {
        downgrade(DowngradeAction.VALIDATE, target);
        downgrade(DowngradeAction.ENABLE, target);
    }

    @Override
    public void cancelDowngrade() {
        downgrade(DowngradeAction.CANCEL, "");
    }

    private void downgrade(DowngradeAction action, String target) {
        tell(() -> maintenance(first(), CHANGE_MILLIS)
                .downgrade(DowngradeRequest.newBuilder()
                        .setAction(action)
                        .setVersion(target)
                        .build()));
    }

    @Override
    public void enableAuth() {
        tell(() -> root.enable(first()));
    }

    @Override
    public void disableAuth() {
        tell(() -> root.disable(first()));
    }

    @Override
    public boolean renewRootPassword() {
        boolean[] renewed = new boolean[1];
        tell(() -> renewed[0] = root.renew(first()));
        return renewed[0];
    }

    /** One member is asked, not one after another: after a silence nobody knows whether the change was made. */
    private void change(Consumer<ClusterBlockingStub> call) {
        ManagedChannel channel = first();
        tell(() -> call.accept(within(ClusterGrpc.newBlockingStub(channel), CHANGE_MILLIS)));
    }

    private ManagedChannel first() {
        ManagedChannel channel = order.isEmpty() ? null : channels.get(order.getFirst());
        if (channel == null) {
            throw new StoreException("no member can be reached");
        }
        return channel;
    }

    private static void tell(Runnable call) {
        try {
            call.run();
        } catch (StatusRuntimeException e) {
            throw new StoreException(e.getStatus().toString(), e);
        }
    }

    @Override
    public void close() {
        silent.forEach(connections::giveUp);
    }
}
