package dev.keelson.server.cli;

import io.grpc.StatusRuntimeException;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.Command;

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
            MemberCommand.class,
            EndpointCommand.class
        })
public final class ClientCommand {

    private static final Set<String> NAMES =
            Set.of("get", "put", "del", "txn", "compaction", "compact", "member", "endpoint");
    private static final int FAILED = 1;

    private ClientCommand() {}

    /** Whether a first word means one of the client's commands. */
    public static boolean isOne(String word) {
        return NAMES.contains(word);
    }

    /** Runs a command; returns the exit code. */
    public static int run(String... words) {
        return new CommandLine(new ClientCommand())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionExceptionHandler((failure, _, _) -> {
                    System.err.println("Error: " + reason(failure));
                    return FAILED;
                })
                .execute(words);
    }

    private static String reason(Exception failure) {
        if (failure instanceof StatusRuntimeException status) {
            String text = status.getStatus().getDescription();
            return text == null ? status.getStatus().getCode().toString() : text;
        }
        return String.valueOf(failure.getMessage());
    }
}
