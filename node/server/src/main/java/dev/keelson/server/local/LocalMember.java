package dev.keelson.server.local;

import dev.keelson.api.etcd.MaintenanceGrpc;
import dev.keelson.api.etcd.StatusRequest;
import dev.keelson.api.etcd.StatusResponse;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * One member as a process of its own, and a look at how it is.
 *
 * <p>Thread rule: one thread.
 */
final class LocalMember {

    private static final long LOOK_MILLIS_MAX = 300;
    private static final long STOP_SECONDS_MAX = 15;
    private static final int SIGNALS = 128;

    private final String name;
    private final String clientUrl;
    private final Path log;
    private final String commandLine;
    private final Process process;
    private final ManagedChannel channel;

    private LocalMember(LocalOptions options, int number, String commandLine, Process process) {
        this.name = LocalOptions.name(number);
        this.clientUrl = options.clientUrl(number);
        this.log = log(options, number);
        this.commandLine = commandLine;
        this.process = process;
        this.channel = NettyChannelBuilder.forAddress("127.0.0.1", options.clientPort(number))
                .usePlaintext()
                .build();
    }

    /** Starts the process; its output goes to a file beside its data. */
    static LocalMember start(LocalOptions options, int number, String launcher) throws IOException {
        var command = new ArrayList<String>();
        command.add(launcher);
        command.addAll(options.flags(number));
        var builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(
                        ProcessBuilder.Redirect.appendTo(log(options, number).toFile()));
        // The flags say everything; a variable of the caller's environment would contradict them.
        builder.environment().keySet().removeIf(variable -> variable.startsWith("ETCD_"));
        return new LocalMember(options, number, String.join(" ", command), builder.start());
    }

    private static Path log(LocalOptions options, int number) {
        return options.dataDirectory.resolve(LocalOptions.name(number) + ".log");
    }

    String name() {
        return name;
    }

    String clientUrl() {
        return clientUrl;
    }

    Path log() {
        return log;
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** What starts it again by hand. */
    String commandLine() {
        return commandLine;
    }

    /** How the process ended: a signal shows as an exit code above 128. */
    String ending() {
        int code = process.exitValue();
        return switch (code - SIGNALS) {
            case 6 -> "of SIGABRT";
            case 9 -> "of SIGKILL";
            case 11 -> "of SIGSEGV";
            case 15 -> "of SIGTERM";
            default -> "with exit code " + code;
        };
    }

    /** How it says it is; empty while it does not answer. */
    Optional<StatusResponse> look() {
        if (!isAlive()) {
            return Optional.empty();
        }
        try {
            channel.resetConnectBackoff();
            return Optional.of(MaintenanceGrpc.newBlockingStub(channel)
                    .withDeadlineAfter(LOOK_MILLIS_MAX, TimeUnit.MILLISECONDS)
                    .status(StatusRequest.getDefaultInstance()));
        } catch (StatusRuntimeException unanswered) {
            return Optional.empty();
        }
    }

    /** Asks the process to end. */
    void requestStop() {
        process.destroy();
    }

    /** Waits for the end that was asked for; insists when it takes too long. */
    void awaitStop() throws InterruptedException {
        channel.shutdownNow();
        if (!process.waitFor(STOP_SECONDS_MAX, TimeUnit.SECONDS)) {
            process.destroyForcibly().waitFor();
        }
    }
}
