package dev.keelson.server.cli;

import java.util.ArrayList;
import java.util.List;

/**
 * Which keys a watch means, and what is to be run for each event, from its words and from the environment.
 *
 * @param keys the key, and the end of a range
 * @param command what stands behind {@code --}, empty for nothing
 */
record WatchWords(List<String> keys, List<String> command) {

    private static final String SEPARATOR = "--";

    /** What the environment names instead of the words; empty for nothing. */
    record Environment(String key, String end) {

        static Environment read() {
            String key = System.getenv().getOrDefault("ETCDCTL_WATCH_KEY", "");
            String end = System.getenv().getOrDefault("ETCDCTL_WATCH_RANGE_END", "");
            if (key.isEmpty() && !end.isEmpty()) {
                throw wrong("ETCDCTL_WATCH_KEY is empty but got ETCDCTL_WATCH_RANGE_END=\"" + end + "\"");
            }
            return new Environment(key, end);
        }
    }

    /**
     * @param typed all words of the command, options among them
     * @param positional those that are no options, the command to run included
     * @throws CommandFailure when the words and the environment contradict each other
     */
    static WatchWords of(List<String> typed, List<String> positional, Environment environment) {
        int separator = typed.indexOf(SEPARATOR);
        List<String> command = separator < 0 ? List.of() : typed.subList(separator + 1, typed.size());
        if (separator >= 0 && command.isEmpty()) {
            throw wrong("bad number of arguments (found separator --, but no commands)");
        }
        List<String> keys = positional.subList(0, positional.size() - command.size());
        if (environment.key().isEmpty()) {
            if (keys.isEmpty()) {
                throw wrong("bad number of arguments");
            }
            return new WatchWords(keys, command);
        }
        if (!keys.isEmpty()) {
            throw wrong("bad number of arguments (found conflicting environment key)");
        }
        var named = new ArrayList<String>();
        named.add(environment.key());
        if (!environment.end().isEmpty()) {
            named.add(environment.end());
        }
        return new WatchWords(named, command);
    }

    private static CommandFailure wrong(String reason) {
        return new CommandFailure(reason, CommandFailure.BAD_ARGUMENTS);
    }
}
