package dev.keelson.server.cli;

import io.grpc.StatusRuntimeException;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** The client's commands, run as etcdctl's are: the answer on standard output, a failure on standard error. */
@Command(
        name = "keelson",
        description = "Talks to a cluster, in etcdctl's words.",
        mixinStandardHelpOptions = true,
        subcommands = {
            GetCommand.class,
            PutCommand.class,
            DelCommand.class,
            TxnCommand.class,
            CompactionCommand.class,
            LeaseCommand.class,
            LockCommand.class,
            ElectCommand.class,
            MemberCommand.class,
            MoveLeaderCommand.class,
            AlarmCommand.class,
            DefragCommand.class,
            DowngradeCommand.class,
            EndpointCommand.class,
            SnapshotCommand.class,
            BackupCommand.class,
            RestoreCommand.class,
            WatchCommand.class,
            UserCommand.class,
            RoleCommand.class,
            AuthCommand.class
        })
public final class ClientCommand {

    private static final Set<String> NAMES = Set.of(
            "get",
            "put",
            "del",
            "txn",
            "compaction",
            "compact",
            "lease",
            "lock",
            "elect",
            "member",
            "move-leader",
            "alarm",
            "defrag",
            "downgrade",
            "endpoint",
            "snapshot",
            "backup",
            "restore",
            "watch",
            "user",
            "role",
            "auth");
    private static final Set<String> OPTIONS = Set.of(
            "--endpoints",
            "--command-timeout",
            "-w",
            "--write-out",
            "--cacert",
            "--cert",
            "--key",
            "--insecure-skip-tls-verify",
            "--insecure-transport",
            "--user",
            "--password",
            "--auth-jwt-token");

    @Mixin
    Connection connection = new Connection();

    final Interruption interruption = new Interruption();

    private ClientCommand() {}

    /** Whether a first word means one of the client's commands, or an option that comes before one. */
    public static boolean isOne(String word) {
        return NAMES.contains(word) || OPTIONS.contains(word.replaceFirst("=.*", ""));
    }

    /** Runs a command; returns the exit code. */
    public static int run(String... words) {
        var command = new ClientCommand();
        int exitCode = new CommandLine(command)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setOverwrittenOptionsAllowed(true)
                .setParameterExceptionHandler((wrong, _) -> fail(reason(wrong), exitCode(wrong)))
                .setExecutionExceptionHandler((failure, _, _) -> fail(reason(failure), exitCode(failure)))
                .execute(words);
        command.interruption.ended(exitCode);
        return exitCode;
    }

    private static int fail(String message, int exitCode) {
        if (!message.isEmpty()) {
            System.err.println("Error: " + message);
        }
        return exitCode;
    }

    private static int exitCode(Exception failure) {
        return switch (failure) {
            case CommandFailure own -> own.exitCode();
            case CommandLine.MissingParameterException _ -> CommandFailure.BAD_ARGUMENTS;
            default -> CommandFailure.ERROR;
        };
    }

    private static String reason(Exception failure) {
        if (failure instanceof StatusRuntimeException status) {
            return Connection.reason(status);
        }
        String message = failure.getMessage();
        return message == null ? failure.toString() : message;
    }
}
