package dev.keelson.e2e.harness;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Commands for etcdctl, one a line of a resource; {@code etcdctl.script} begins with what a line may hold. */
public final class EtcdctlScript {

    private static final Pattern REPEATED = Pattern.compile("\\{(.*?)\\*(\\d+)}");
    private static final Pattern WORD = Pattern.compile("'([^']*)'|(\\S+)");
    private static final String INPUT = " < ";
    private static final String NOT_COMPARED = "! ";
    private static final int LINE_LENGTH_MAX = 4000;
    private static final Duration SETTLED_MAX = Duration.ofSeconds(20);

    private final List<String> lines;

    private EtcdctlScript(List<String> lines) {
        this.lines = lines;
    }

    public static EtcdctlScript read(String resource) {
        return new EtcdctlScript(Resource.lines(resource));
    }

    public int size() {
        return lines.size();
    }

    /** Runs all of it against all members; returns (and keeps in a file) each command with its answer. */
    public List<String> run(Cluster cluster) {
        List<String> transcript = new ArrayList<>();
        LeaseIds leases = new LeaseIds();
        for (String line : lines) {
            boolean compared = !line.startsWith(NOT_COMPARED);
            String command = compared ? line : line.substring(NOT_COMPARED.length());
            if (command.startsWith("endpoint") || command.startsWith("lease list")) {
                settle(cluster);
            }
            Run.Result result = command(cluster, leases.filledIn(command)).result();
            leases.note(command, result.output());
            String answer = compared
                    ? leases.named(Transcript.normalized(result.output())) + "exit " + result.exitCode()
                    : "not compared";
            transcript.add("$ %s%n%s%n".formatted(line, answer));
        }
        try {
            Files.writeString(cluster.directory().resolve("transcript"), String.join("", transcript));
        } catch (IOException failure) {
            throw new IllegalStateException(failure);
        }
        return transcript;
    }

    private static Run command(Cluster cluster, String line) {
        int input = line.indexOf(INPUT);
        List<String> words = new ArrayList<>();
        Matcher word = WORD.matcher(repeated(input < 0 ? line : line.substring(0, input)));
        while (word.find()) {
            words.add(word.group(1) == null ? word.group(2) : word.group(1));
        }
        String text = input < 0 ? "" : line.substring(input + INPUT.length());
        return cluster.etcdctl(words.toArray(String[]::new)).reading(repeated(text.replace("\\n", "\n")));
    }

    private static String repeated(String text) {
        return REPEATED.matcher(text).replaceAll(EtcdctlScript::repeat);
    }

    private static String repeat(MatchResult found) {
        return Matcher.quoteReplacement(found.group(1).repeat(Integer.parseInt(found.group(2))));
    }

    /** A follower applies a write a little after the client has its answer; questions to each member wait for it. */
    private static void settle(Cluster cluster) {
        Await.until("all members have the same revision", SETTLED_MAX, () -> {
            String statuses = cluster.etcdctl("endpoint", "status", "-w", "fields")
                    .result()
                    .output();
            return statuses.lines()
                            .filter(line -> line.startsWith("\"Revision\""))
                            .distinct()
                            .count()
                    == 1;
        });
    }

    /** The ids that members draw for leases, told apart by the order in which they were granted. */
    private static final class LeaseIds {

        private static final Pattern GRANTED = Pattern.compile("lease ([0-9a-f]{16}) granted|\"ID\" ?: ?(\\d+)");
        private static final Pattern PLACE = Pattern.compile("\\{lease (\\d+)}");

        private final List<Long> granted = new ArrayList<>();

        void note(String command, String output) {
            Matcher id = GRANTED.matcher(output);
            if (command.startsWith("lease grant") && id.find()) {
                granted.add(id.group(1) == null ? Long.parseLong(id.group(2)) : Long.parseLong(id.group(1), 16));
            }
        }

        String filledIn(String command) {
            return PLACE.matcher(command)
                    .replaceAll(place -> Long.toHexString(granted.get(Integer.parseInt(place.group(1)) - 1)));
        }

        /** The output with names for the ids, in either of the forms in which etcdctl prints them. */
        String named(String output) {
            String named = output;
            for (int i = 0; i < granted.size(); i++) {
                String name = "LEASE-" + (i + 1);
                named = named.replace("%016x".formatted(granted.get(i)), name)
                        .replaceAll("\\b" + granted.get(i) + "\\b", name);
            }
            return named;
        }
    }

    /** What differs from run to run, or is allowed to differ between stores, made equal. */
    private static final class Transcript {

        private static final List<String> NUMBERS = List.of(
                "raft_term",
                "raftIndex",
                "raftTerm",
                "raftAppliedIndex",
                "dbSize",
                "dbSizeInUse",
                "dbSizeQuota",
                "RaftTerm",
                "RaftIndex",
                "RaftAppliedIndex",
                "DBSize",
                "DBSizeInUse",
                "DBSizeQuota");
        private static final List<String> IDS = List.of("member_id", "leader", "MemberID", "Leader");
        private static final Pattern NUMBER =
                Pattern.compile("\"(" + String.join("|", NUMBERS) + "|" + String.join("|", IDS) + ")\"( ?: ?)[\\w\"]+");

        private Transcript() {}

        static String normalized(String output) {
            List<String> lines = new ArrayList<>(output.lines()
                    .filter(line -> !line.startsWith("{\"level\":"))
                    .map(Transcript::line)
                    .toList());
            // etcdctl asks members about their health side by side and prints them as they answer.
            if (!lines.isEmpty() && lines.stream().allMatch(line -> line.contains("healthy"))) {
                Collections.sort(lines);
            }
            return lines.stream().map(line -> line + "\n").collect(Collectors.joining());
        }

        private static String line(String raw) {
            String line = NUMBER.matcher(raw).replaceAll("\"$1\"$2#");
            line = line.replaceAll("(remaining\\(|\"ttl\":)\\d+", "$1#");
            line = line.replaceAll("(took = |took\":\")[\\w.µ]+", "$1#");
            line = line.replaceAll("─+", "─").replaceAll(" {2,}", " ");
            line = line.replaceAll("\\b[\\d.]+ [kMG]?B\\b", "SIZE").replaceAll("\\b\\d+%", "PERCENT");
            // endpoint status: leader, learner, term, index, applied index
            line = line.replaceAll(
                    "(true|false)( [│,]|,)( false)( [│,]|,) \\d+( [│,]|,) \\d+( [│,]|,) \\d+",
                    "LEADS$2$3$4 TERM, INDEX");
            return line.length() > LINE_LENGTH_MAX ? line.substring(0, LINE_LENGTH_MAX) : line;
        }
    }
}
