package dev.keelson.server.training;

import com.google.protobuf.ByteString;
import dev.keelson.api.etcd.KVGrpc;
import dev.keelson.api.etcd.MaintenanceGrpc;
import dev.keelson.api.etcd.PutRequest;
import dev.keelson.api.etcd.RangeRequest;
import dev.keelson.api.etcd.StatusRequest;
import dev.keelson.server.ServerProcess;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.quarkus.runtime.Quarkus;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * Starts a member on a temporary directory, sends it some requests and stops it.
 *
 * <p>Classes and profiles of this run go into the AOT cache, so it has to pass through what a start and the first requests
 * pass through.
 */
public final class TrainingRun {

    private static final int REQUESTS = 2_000;
    private static final long ANSWER_SECONDS_MAX = 30;

    private TrainingRun() {}

    public static void main() throws IOException {
        Path data = Files.createTempDirectory("keelson-training");
        String client = "http://127.0.0.1:" + freePort();
        String peer = "http://127.0.0.1:" + freePort();
        Thread requests = Thread.ofPlatform().daemon().unstarted(() -> sendRequests(client));
        requests.start();
        Quarkus.run(
                ServerProcess.class,
                (code, failure) -> System.exit(code),
                "--data-dir",
                data.resolve("member").toString(),
                "--listen-client-urls",
                client,
                "--advertise-client-urls",
                client,
                "--listen-peer-urls",
                peer,
                "--initial-advertise-peer-urls",
                peer,
                "--log-level",
                "warn");
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static void sendRequests(String url) {
        ManagedChannel channel = NettyChannelBuilder.forTarget(url.substring("http://".length()))
                .usePlaintext()
                .build();
        try {
            var kv = KVGrpc.newBlockingStub(channel)
                    .withWaitForReady()
                    .withDeadlineAfter(ANSWER_SECONDS_MAX, TimeUnit.SECONDS);
            for (int i = 0; i < REQUESTS; i++) {
                ByteString key = ByteString.copyFromUtf8("training/" + i % 100);
                kv.put(PutRequest.newBuilder().setKey(key).setValue(key).build());
                kv.range(RangeRequest.newBuilder()
                        .setKey(key)
                        .setSerializable(i % 2 == 0)
                        .build());
            }
            MaintenanceGrpc.newBlockingStub(channel).status(StatusRequest.getDefaultInstance());
        } finally {
            channel.shutdownNow();
            Quarkus.asyncExit(0);
        }
    }
}
