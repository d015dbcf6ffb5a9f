package dev.keelson.e2e.kubernetes;

import java.time.Duration;
import java.time.Instant;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a Pod of the operator had used at a moment, by its control group.
 *
 * @param cpu time of processors since it started
 * @param memory bytes that it needs: all but what the kernel could drop at once
 */
record Usage(Instant at, Duration cpu, long memory) {

    /** The moment of the sample goes before what was used until then. */
    private static final Pattern CPU = Pattern.compile(
            "\"cpu\":\\s*\\{\\s*\"time\":\\s*\"([^\"]+)\".*?\"usageCoreNanoSeconds\":\\s*([0-9]+)", Pattern.DOTALL);

    private static final Pattern MEMORY = Pattern.compile("\"workingSetBytes\":\\s*([0-9]+)");

    static Usage of(Kubernetes kubernetes, String operator) {
        String summary = kubernetes.usage(operator);
        String pod = summary.substring(summary.indexOf("\"name\": \"" + operator + "\""));
        Matcher cpu = find(CPU, pod);
        return new Usage(
                Instant.parse(cpu.group(1)),
                Duration.ofNanos(Long.parseLong(cpu.group(2))),
                Long.parseLong(find(MEMORY, pod).group(1)));
    }

    private static Matcher find(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        if (!matcher.find()) {
            throw new IllegalStateException("no " + pattern + " in " + text);
        }
        return matcher;
    }

    double coresSince(Usage before) {
        return (double) cpu.minus(before.cpu).toNanos()
                / Duration.between(before.at, at).toNanos();
    }
}
