package dev.keelson.server;

import dev.keelson.server.cli.ClientCommand;
import dev.keelson.server.config.Help;
import dev.keelson.server.http.EtcdVersion;
import dev.keelson.server.local.LocalCommand;
import dev.keelson.server.training.TrainingRun;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.annotations.QuarkusMain;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Stream;

/** Where the process begins: the first word chooses between a member, a local cluster and the client. */
@QuarkusMain
public final class Main {

    /** Flags that count wherever they stand. */
    private static final Set<String> VERSION = Set.of("--version", "-version", "--version=true", "-version=true");

    private static final Set<String> HELP = Set.of("--help", "-help", "-h", "--h");

    private Main() {}

    public static void main(String... words) throws Exception {
        String first = words.length == 0 ? "" : words[0];
        if (ClientCommand.isOne(first)) {
            System.exit(ClientCommand.run(words));
        }
        if (first.startsWith("-") && Stream.of(words).anyMatch(HELP::contains)) {
            System.out.print(Help.text());
            return;
        }
        if (first.startsWith("-") && Stream.of(words).anyMatch(VERSION::contains)) {
            printVersion();
            return;
        }
        switch (first) {
            case "version" -> printVersion();
            case "help" -> System.out.print(Help.text());
            case "train" -> TrainingRun.main(Path.of(words[1]));
            case "local" ->
                System.exit(LocalCommand.run(
                        Arrays.copyOfRange(words, 1, words.length),
                        System.out,
                        System.getProperty("keelson.launcher")));
            default -> Quarkus.run(ServerProcess.class, words);
        }
    }

    private static void printVersion() {
        System.out.println("etcd Version: " + EtcdVersion.SERVER);
        System.out.println("Keelson Version: " + version());
        System.out.println("Java Version: " + Runtime.version());
        System.out.println("OS/Arch: " + System.getProperty("os.name") + "/" + System.getProperty("os.arch"));
    }

    private static String version() {
        String version = Main.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }
}
