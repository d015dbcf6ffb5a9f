package dev.keelson.server.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

@Command(name = "watch", description = "Watches events stream on keys or prefixes", mixinStandardHelpOptions = true)
final class WatchCommand implements Callable<Integer> {

    private static final int WATCH_ENDED = 5;
    private static final int BAD_INPUT = 3;
    private static final Pattern WORD = Pattern.compile("\"((?:[^\"\\\\]|\\\\.)*)\"|'([^']*)'|(\\S+)");

    @ParentCommand
    @SuppressWarnings("NullAway.Init") // picocli sets it
    ClientCommand client;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    CommandSpec spec;

    @Mixin
    WatchOptions options = new WatchOptions();

    @Option(
            names = {"-i", "--interactive"},
            description = "read 'watch' and 'progress' commands from standard input")
    boolean interactive;

    @Override
    public Integer call() throws IOException, InterruptedException {
        client.connection.refuseTable();
        WatchWords.Environment environment = WatchWords.Environment.read();
        if (interactive) {
            return converse(environment);
        }
        List<String> typed = spec.commandLine().getParseResult().originalArgs();
        WatchWords words = WatchWords.of(typed, options.words, environment);
        var request = options.request(words.keys());
        try (var session = new WatchSession(client.connection)) {
            session.watch(request, printer(words)::print);
            session.end().get();
        } catch (ExecutionException ended) {
            throw reason(ended);
        }
        throw new CommandFailure("watch is canceled by the server", WATCH_ENDED);
    }

    private WatchPrinter printer(WatchWords words) {
        return new WatchPrinter(client.connection.isJson(), words.command());
    }

    private static RuntimeException reason(ExecutionException ended) {
        return ended.getCause() instanceof RuntimeException cause ? cause : new CancellationException();
    }

    private int converse(WatchWords.Environment environment) throws IOException {
        var lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        try (var session = new WatchSession(client.connection)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                obey(line, session, environment);
                if (session.end().isCompletedExceptionally()) {
                    session.end().join();
                }
            }
        }
        throw new CommandFailure("error reading watch request line: EOF", BAD_INPUT);
    }

    private void obey(String line, WatchSession session, WatchWords.Environment environment) {
        List<String> words = split(line);
        if (words.isEmpty()) {
            System.err.println("Invalid command: " + line + " (watch and progress supported)");
            return;
        }
        switch (words.getFirst()) {
            case "progress" -> session.requestProgress();
            case "watch" -> {
                if (words.size() < 2 && environment.key().isEmpty()) {
                    System.err.println("Invalid command " + line + " (command type or key is not provided)");
                    return;
                }
                List<String> typed = words.subList(1, words.size());
                var asked = new Typed();
                new CommandLine(asked).parseArgs(typed.toArray(String[]::new));
                WatchWords meant = WatchWords.of(typed, asked.options.words, environment);
                session.watch(asked.options.request(meant.keys()), printer(meant)::print);
            }
            default -> System.err.println("Invalid command " + line + " (only support watch)");
        }
    }

    private static List<String> split(String line) {
        var words = new ArrayList<String>();
        Matcher matcher = WORD.matcher(line);
        while (matcher.find()) {
            for (int group = 1; group <= matcher.groupCount(); group++) {
                if (matcher.group(group) != null) {
                    words.add(group == 1 ? matcher.group(1).translateEscapes() : matcher.group(group));
                }
            }
        }
        return words;
    }

    /** What may stand on a line. */
    @Command(name = "watch")
    private static final class Typed {

        @Mixin
        WatchOptions options = new WatchOptions();
    }
}
