package dev.keelson.server.cli;

import dev.keelson.api.etcd.ClusterGrpc;
import dev.keelson.api.etcd.KVGrpc;
import dev.keelson.api.etcd.MaintenanceGrpc;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import picocli.CommandLine.Option;

/** Which cluster a command talks to, and how it prints the answer. */
final class Connection {

    /** The forms of an answer. */
    enum Format {
        simple,
        json,
        table
    }

    @Option(
            names = "--endpoints",
            defaultValue = "${env:ETCDCTL_ENDPOINTS:-127.0.0.1:2379}",
            description = "client addresses of members, tried in order (default: ${DEFAULT-VALUE})")
    String endpoints = "127.0.0.1:2379";

    @Option(
            names = "--command-timeout",
            defaultValue = "5",
            description = "seconds until a command gives up (default: ${DEFAULT-VALUE})")
    long timeoutSeconds = 5;

    @Option(
            names = {"-w", "--write-out"},
            defaultValue = "simple",
            description = "how to print: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE})")
    Format format = Format.simple;

    /** The addresses without scheme. */
    List<String> addresses() {
        return Arrays.stream(endpoints.split(",", -1))
                .map(endpoint -> endpoint.strip().replaceFirst("^https?://", ""))
                .toList();
    }

    /** One member to talk to. */
    record Member(String address, ManagedChannel channel, long timeoutSeconds) {

        KVGrpc.KVBlockingStub kv() {
            return KVGrpc.newBlockingStub(channel).withDeadlineAfter(timeoutSeconds, TimeUnit.SECONDS);
        }

        ClusterGrpc.ClusterBlockingStub cluster() {
            return ClusterGrpc.newBlockingStub(channel).withDeadlineAfter(timeoutSeconds, TimeUnit.SECONDS);
        }

        MaintenanceGrpc.MaintenanceBlockingStub maintenance() {
            return MaintenanceGrpc.newBlockingStub(channel).withDeadlineAfter(timeoutSeconds, TimeUnit.SECONDS);
        }
    }

    /** Asks the first member that can be reached; a request that may have arrived is not sent again. */
    <T> T ask(Function<Member, T> question) {
        List<String> addresses = addresses();
        for (String address : addresses.subList(0, addresses.size() - 1)) {
            try {
                return ask(address, question);
            } catch (StatusRuntimeException failure) {
                if (!isUnreachable(failure)) {
                    throw failure;
                }
            }
        }
        return ask(addresses.getLast(), question);
    }

    private static boolean isUnreachable(StatusRuntimeException failure) {
        return failure.getStatus().getCode() == Status.Code.UNAVAILABLE
                && failure.getCause() instanceof java.net.ConnectException;
    }

    /** Asks one member. */
    <T> T ask(String address, Function<Member, T> question) {
        ManagedChannel channel =
                NettyChannelBuilder.forTarget(address).usePlaintext().build();
        try {
            return question.apply(new Member(address, channel, timeoutSeconds));
        } finally {
            channel.shutdownNow();
        }
    }
}
