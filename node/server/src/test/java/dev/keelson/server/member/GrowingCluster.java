package dev.keelson.server.member;

import dev.keelson.api.etcd.ClusterGrpc;
import dev.keelson.api.etcd.ClusterGrpc.ClusterBlockingStub;
import dev.keelson.api.etcd.KVGrpc;
import dev.keelson.api.etcd.KVGrpc.KVBlockingStub;
import dev.keelson.api.etcd.MaintenanceGrpc;
import dev.keelson.api.etcd.MaintenanceGrpc.MaintenanceBlockingStub;
import dev.keelson.server.config.NodeConfig;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Members in this process, each told by flags which cluster it founds or joins. */
final class GrowingCluster implements AutoCloseable {

    private static final long WAIT_SECONDS = 30;

    private final Path directory;
    private final List<Node> nodes = new ArrayList<>();

    GrowingCluster(Path directory) {
        this.directory = directory;
    }

    /** One member, running or not. */
    final class Node implements MemberEvents {

        final String name = "m" + nodes.size();
        final int clientPort = freePort();
        final String peerUrl = "http://127.0.0.1:" + freePort();
        CountDownLatch ready = new CountDownLatch(1);
        final CompletableFuture<String> end = new CompletableFuture<>();
        private @Nullable RunningMember running;
        private @Nullable ManagedChannel channel;

        /** Starts it as one of {@code members}. */
        void start(String state, List<Node> members, String... flags) {
            String client = "http://127.0.0.1:" + clientPort;
            var words = new ArrayList<>(List.of(
                    "--name=" + name,
                    "--data-dir=" + data(),
                    "--listen-client-urls=" + client,
                    "--advertise-client-urls=" + client,
                    "--listen-peer-urls=" + peerUrl,
                    "--initial-advertise-peer-urls=" + peerUrl,
                    "--initial-cluster-state=" + state,
                    "--initial-cluster="
                            + String.join(
                                    ",",
                                    members.stream()
                                            .map(member -> member.name + "=" + member.peerUrl)
                                            .toList())));
            words.addAll(Arrays.asList(flags));
            running = RunningMember.start(NodeConfig.parse(words, Map.of()).member(), this);
        }

        void awaitReady() throws InterruptedException {
            if (!ready.await(WAIT_SECONDS, TimeUnit.SECONDS)) {
                throw new AssertionError(name + " is not ready; " + end.getNow("it did not end"));
            }
        }

        void stop() {
            if (running != null) {
                running.close();
                running = null;
                ready = new CountDownLatch(1);
            }
        }

        Path data() {
            return directory.resolve(name);
        }

        ClusterBlockingStub cluster() {
            return ClusterGrpc.newBlockingStub(channel());
        }

        KVBlockingStub kv() {
            return KVGrpc.newBlockingStub(channel());
        }

        MaintenanceBlockingStub maintenance() {
            return MaintenanceGrpc.newBlockingStub(channel());
        }

        private ManagedChannel channel() {
            ManagedChannel open = channel;
            if (open == null) {
                open = NettyChannelBuilder.forAddress("127.0.0.1", clientPort)
                        .usePlaintext()
                        .build();
                channel = open;
            }
            return open;
        }

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
            end.complete(reason);
        }
    }

    Node node() {
        var node = new Node();
        nodes.add(node);
        return node;
    }

    private static int freePort() {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException failure) {
            throw new IllegalStateException(failure);
        }
    }

    @Override
    public void close() {
        nodes.forEach(Node::stop);
        nodes.forEach(node -> {
            if (node.channel != null) {
                node.channel.shutdownNow();
            }
        });
    }
}
