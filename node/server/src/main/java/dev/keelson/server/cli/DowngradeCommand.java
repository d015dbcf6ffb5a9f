package dev.keelson.server.cli;

import dev.keelson.api.etcd.DowngradeRequest;
import dev.keelson.api.etcd.DowngradeRequest.DowngradeAction;
import dev.keelson.api.etcd.DowngradeResponse;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

@Command(name = "downgrade", description = "Downgrade related commands", mixinStandardHelpOptions = true)
final class DowngradeCommand {

    private static final String VERSION = "<TARGET_VERSION>";

    @ParentCommand
    @SuppressWarnings("NullAway.Init") // picocli sets it
    ClientCommand client;

    @Command(
            name = "validate",
            description = "Validate downgrade capability before starting downgrade",
            mixinStandardHelpOptions = true)
    int validate(@Parameters(paramLabel = VERSION, arity = "0..*") List<String> words) {
        return ask(DowngradeAction.VALIDATE, "validate", version(words));
    }

    @Command(name = "enable", description = "Start a downgrade action to cluster", mixinStandardHelpOptions = true)
    int enable(@Parameters(paramLabel = VERSION, arity = "0..*") List<String> words) {
        return ask(DowngradeAction.ENABLE, "enable", version(words));
    }

    @Command(
            name = "cancel",
            description = "Cancel the ongoing downgrade action to cluster",
            mixinStandardHelpOptions = true)
    int cancel() {
        return ask(DowngradeAction.CANCEL, "cancel", "");
    }

    private static String version(List<String> words) {
        if (words == null || words.isEmpty()) {
            throw new CommandFailure("TARGET_VERSION not provided", CommandFailure.BAD_ARGUMENTS);
        }
        if (words.size() > 1) {
            throw new CommandFailure("too many arguments", CommandFailure.BAD_ARGUMENTS);
        }
        return words.getFirst();
    }

    private int ask(DowngradeAction action, String word, String version) {
        client.connection.refuseTable();
        DowngradeRequest request = DowngradeRequest.newBuilder()
                .setAction(action)
                .setVersion(version)
                .build();
        DowngradeResponse answer =
                client.connection.ask(member -> member.maintenance().downgrade(request));
        System.out.println(
                client.connection.isJson()
                        ? ProtoJson.of(answer)
                        : "Downgrade " + word + " success, cluster version " + answer.getVersion());
        return 0;
    }
}
