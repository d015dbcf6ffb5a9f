package dev.keelson.server.metrics;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a text of metrics promises to whoever reads it: names, types, names of labels and bounds of buckets. */
final class MetricFacts {

    private static final Pattern TYPE = Pattern.compile("# TYPE (\\S+) (\\S+)");
    private static final Pattern SAMPLE = Pattern.compile("([^{ ]+)(?:\\{(.*)\\})? \\S+");
    private static final Pattern LABEL = Pattern.compile("([A-Za-z_]+)=\"((?:[^\"\\\\]|\\\\.)*)\"");

    private final Map<String, Fact> facts = new TreeMap<>();

    private record Fact(String type, TreeSet<String> labels, List<String> bounds) {}

    static MetricFacts of(String text) {
        var all = new MetricFacts();
        text.lines().forEach(all::read);
        return all;
    }

    private void read(String line) {
        Matcher type = TYPE.matcher(line);
        if (type.matches()) {
            facts.putIfAbsent(type.group(1), new Fact(type.group(2), new TreeSet<>(), new ArrayList<>()));
            return;
        }
        Matcher sample = SAMPLE.matcher(line);
        if (line.startsWith("#") || !sample.matches()) {
            return;
        }
        Fact fact = facts.get(sample.group(1));
        if (fact == null) {
            fact = facts.get(sample.group(1).replaceFirst("_(bucket|sum|count)$", ""));
        }
        if (fact == null) {
            throw new AssertionError("a sample without a type: " + line);
        }
        Matcher label = LABEL.matcher(sample.group(2) == null ? "" : sample.group(2));
        while (label.find()) {
            if (!label.group(1).equals("le")) {
                fact.labels().add(label.group(1));
            } else if (!fact.bounds().contains(label.group(2))) {
                fact.bounds().add(label.group(2));
            }
        }
    }

    /** A line for each metric. */
    List<String> lines() {
        return facts.entrySet().stream()
                .map(entry -> (entry.getKey() + " " + entry.getValue().type()
                                + " {" + String.join(",", entry.getValue().labels()) + "} "
                                + String.join(",", entry.getValue().bounds()))
                        .strip())
                .toList();
    }

    /** These and those of another text of the same program. */
    MetricFacts and(MetricFacts others) {
        others.facts.forEach((name, fact) -> {
            Fact known = facts.putIfAbsent(name, fact);
            if (known != null) {
                known.labels().addAll(fact.labels());
            }
        });
        return this;
    }
}
