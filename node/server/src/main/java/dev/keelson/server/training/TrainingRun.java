package dev.keelson.server.training;

import com.google.protobuf.ByteString;
import dev.keelson.api.etcd.KVGrpc;
import dev.keelson.api.etcd.MaintenanceGrpc;
import dev.keelson.api.etcd.PutRequest;
import dev.keelson.api.etcd.RangeRequest;
import dev.keelson.api.etcd.StatusRequest;
import dev.keelson.server.ServerProcess;
import dev.keelson.server.cli.ClientCommand;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.quarkus.runtime.Quarkus;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Starts a member on a directory of its own, sends it some requests and stops it.
 *
 * <p>Classes and profiles of this run go into the AOT cache, so it has to pass through what a start and the first requests
 * pass through.
 */
public final class TrainingRun {

    private static final int REQUESTS = 2_000;
    private static final int HANDSHAKES = 5;

    /** For all calls together, on a machine that is busy with other things. */
    private static final long CALLS_SECONDS_MAX = 300;

    private TrainingRun() {}

    /** @param data a folder for the member, made anew */
    public static void main(Path data) throws IOException {
        delete(data);
        System.setOut(new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8));
        String client = "http://127.0.0.1:" + freePort();
        String peer = "https://127.0.0.1:" + freePort();
        String secured = "https://127.0.0.1:" + freePort();
        // Where the member puts the certificate that it makes for itself.
        Path certificate = data.resolve("fixtures/client/cert.pem");
        Thread requests = Thread.ofPlatform().daemon().unstarted(() -> sendRequests(client, secured, certificate));
        requests.start();
        Quarkus.run(
                ServerProcess.class,
                (code, failure) -> System.exit(code),
                "--data-dir",
                data.toString(),
                "--listen-client-urls",
                client + "," + secured,
                "--advertise-client-urls",
                client,
                "--auto-tls",
                "--peer-auto-tls",
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

    private static void sendRequests(String url, String secured, Path certificate) {
        try {
            sendCalls(url);
            readMetrics(url);
            sendCommands(url);
            handshakes(secured, certificate);
        } catch (RuntimeException failure) {
            System.err.println("keelson: the training run ended early: " + failure.getMessage());
        } finally {
            Quarkus.asyncExit(0);
        }
    }

    private static void sendCalls(String url) {
        ManagedChannel channel = NettyChannelBuilder.forTarget(url.substring("http://".length()))
                .usePlaintext()
                .build();
        try {
            var kv = KVGrpc.newBlockingStub(channel)
                    .withWaitForReady()
                    .withDeadlineAfter(CALLS_SECONDS_MAX, TimeUnit.SECONDS);
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
        }
    }

    /** What those who watch over a member ask for all the time. */
    private static void readMetrics(String url) {
        try (var metrics = URI.create(url + "/metrics").toURL().openStream()) {
            metrics.readAllBytes();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Short commands gain most from the cache: nearly all of their time goes into loading classes. */
    private static void sendCommands(String url) {
        for (String command : List.of(
                "put training value",
                "get training -w json",
                "get training",
                "del training",
                "member list -w table",
                "endpoint status",
                "endpoint health")) {
            ClientCommand.run((command + " --endpoints " + url).split(" ", -1));
        }
    }

    /** Three members that speak TLS with each other load two thousand classes more each before they are ready. */
    private static void handshakes(String url, Path certificate) {
        for (int i = 0; i < HANDSHAKES; i++) {
            ClientCommand.run("get", "training", "--endpoints", url, "--cacert", certificate.toString());
        }
    }

    private static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (var inside = Files.walk(folder)) {
            for (Path path : inside.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
