package dev.keelson.server.cli;

import com.google.protobuf.Message;
import dev.keelson.api.election.ElectionGrpc;
import dev.keelson.api.etcd.AuthGrpc;
import dev.keelson.api.etcd.ClusterGrpc;
import dev.keelson.api.etcd.KVGrpc;
import dev.keelson.api.etcd.LeaseGrpc;
import dev.keelson.api.etcd.MaintenanceGrpc;
import dev.keelson.server.config.Durations;
import dev.keelson.server.tls.TlsException;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import java.net.ConnectException;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import javax.net.ssl.SSLException;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** Which cluster a command talks to, and how it prints the answer; the options stand before or after the command. */
final class Connection {

    private static final int RESPONSE_BYTES_MAX = Integer.MAX_VALUE;

    /** Twice what members allow as the least. */
    private static final long KEEP_ALIVE_SECONDS = 10;

    /** The forms of an answer. */
    enum Format {
        simple,
        json,
        table
    }

    @Option(
            names = "--endpoints",
            scope = ScopeType.INHERIT,
            defaultValue = "${env:ETCDCTL_ENDPOINTS:-127.0.0.1:2379}",
            description = "client addresses of members, tried in order (default: ${DEFAULT-VALUE})")
    String endpoints = "127.0.0.1:2379";

    @Option(
            names = "--command-timeout",
            scope = ScopeType.INHERIT,
            defaultValue = "${env:ETCDCTL_COMMAND_TIMEOUT:-5s}",
            description = "how long a command waits for its answer (default: ${DEFAULT-VALUE})")
    String timeout = "5s";

    @Option(
            names = {"-w", "--write-out"},
            scope = ScopeType.INHERIT,
            defaultValue = "${env:ETCDCTL_WRITE_OUT:-simple}",
            description = "how to print: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE})")
    Format format = Format.simple;

    @Mixin
    Transport transport = new Transport();

    @Mixin
    Identity identity = new Identity();

    /** Whether answers are printed as JSON. */
    boolean isJson() {
        return format == Format.json;
    }

    /** For commands whose answer is no table. */
    void refuseTable() {
        if (format == Format.table) {
            throw new CommandFailure("table not supported as output format", CommandFailure.BAD_FEATURE);
        }
    }

    /** Asks for a change and says that it is done, or prints the answer where JSON is wanted. */
    int change(Function<Member, Message> question, String done) {
        refuseTable();
        Message answer = ask(question);
        System.out.println(isJson() ? ProtoJson.of(answer) : done);
        return 0;
    }

    /** The endpoints as they were given. */
    List<String> addresses() {
        return Arrays.stream(endpoints.split(",", -1)).map(String::strip).toList();
    }

    /** One member to talk to. */
    record Member(ManagedChannel channel, long timeoutMillis) {

        KVGrpc.KVBlockingStub kv() {
            return KVGrpc.newBlockingStub(channel)
                    .withMaxInboundMessageSize(RESPONSE_BYTES_MAX)
                    .withDeadlineAfter(timeoutMillis, TimeUnit.MILLISECONDS);
        }

        AuthGrpc.AuthBlockingStub auth() {
            return AuthGrpc.newBlockingStub(channel).withDeadlineAfter(timeoutMillis, TimeUnit.MILLISECONDS);
        }

        ClusterGrpc.ClusterBlockingStub cluster() {
            return ClusterGrpc.newBlockingStub(channel).withDeadlineAfter(timeoutMillis, TimeUnit.MILLISECONDS);
        }

        LeaseGrpc.LeaseBlockingStub lease() {
            return LeaseGrpc.newBlockingStub(channel).withDeadlineAfter(timeoutMillis, TimeUnit.MILLISECONDS);
        }

        ElectionGrpc.ElectionBlockingStub election() {
            return ElectionGrpc.newBlockingStub(channel).withDeadlineAfter(timeoutMillis, TimeUnit.MILLISECONDS);
        }

        MaintenanceGrpc.MaintenanceBlockingStub maintenance() {
            return MaintenanceGrpc.newBlockingStub(channel).withDeadlineAfter(timeoutMillis, TimeUnit.MILLISECONDS);
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

    /** Whether a call has reached nobody. */
    static boolean isUnreachable(StatusRuntimeException failure) {
        return failure.getStatus().getCode() == Status.Code.UNAVAILABLE
                && failure.getCause() instanceof ConnectException;
    }

    /** Asks one member. */
    <T> T ask(String address, Function<Member, T> question) {
        ManagedChannel channel = open(address);
        try {
            return question.apply(new Member(channel, timeoutMillis()));
        } finally {
            channel.shutdownNow();
        }
    }

    private long timeoutMillis() {
        return Durations.millis(timeout, "--command-timeout");
    }

    /** A connection to one member, for the caller to close. */
    ManagedChannel open(String address) {
        NettyChannelBuilder builder = NettyChannelBuilder.forTarget(address.replaceFirst("^https?://", ""));
        // Who streams from a member whose machine is gone hears of it, and goes on with another.
        builder.keepAliveTime(KEEP_ALIVE_SECONDS, TimeUnit.SECONDS)
                .keepAliveTimeout(KEEP_ALIVE_SECONDS, TimeUnit.SECONDS);
        transport.secure(builder, address);
        if (identity.isNamed()) {
            builder.intercept(identity.interceptor(timeoutMillis()));
        }
        return builder.build();
    }

    /** Why a question was not answered, in the words that etcdctl uses where it has some. */
    static String reason(StatusRuntimeException failure) {
        Throwable cause = failure.getCause();
        if (isUnreachable(failure) && cause != null) {
            return "cannot reach a member: " + cause.getMessage();
        }
        if (failure.getStatus().getCode() == Status.Code.UNAVAILABLE && cause instanceof SSLException) {
            return "no TLS with a member: " + TlsException.reason(cause);
        }
        if (failure.getStatus().getCode() == Status.Code.DEADLINE_EXCEEDED) {
            return "context deadline exceeded";
        }
        String text = failure.getStatus().getDescription();
        return text == null ? failure.getStatus().getCode().toString() : text;
    }
}
