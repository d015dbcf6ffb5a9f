package dev.keelson.server.metrics;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * The text that Prometheus reads (format 0.0.4), while it is being written: metrics in the order of their names.
 *
 * <p>A metric of which no sample is written does not show at all, as one with labels does in etcd before its first use.
 *
 * <p>Thread rule: one thread.
 */
public final class Exposition {

    static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8; escaping=underscores";

    private final Map<String, StringBuilder> metrics = new TreeMap<>();

    /** What a metric is to whoever reads it. */
    enum Type {
        COUNTER("counter"),
        GAUGE("gauge"),
        HISTOGRAM("histogram"),
        SUMMARY("summary");

        private final String word;

        Type(String word) {
            this.word = word;
        }
    }

    public void counter(String name, String help, LongAdder count) {
        counter(name, help, count.sum());
    }

    public void counter(String name, String help, double value) {
        samples(name, Type.COUNTER, help).add(Labels.NONE, value);
    }

    public void gauge(String name, String help, double value) {
        samples(name, Type.GAUGE, help).add(Labels.NONE, value);
    }

    public void gauge(String name, String help, boolean value) {
        gauge(name, help, value ? 1 : 0);
    }

    public void histogram(String name, String help, Histogram histogram) {
        samples(name, Type.HISTOGRAM, help).add(Labels.NONE, histogram);
    }

    void counters(String name, String help, Labelled<LongAdder> counts) {
        Samples samples = samples(name, Type.COUNTER, help);
        counts.forEach((labels, count) -> samples.add(labels, count.sum()));
    }

    void histograms(String name, String help, Labelled<Histogram> histograms) {
        Samples samples = samples(name, Type.HISTOGRAM, help);
        histograms.forEach(samples::add);
    }

    /** Begins or goes on with a metric whose samples differ in their labels. */
    Samples samples(String name, Type type, String help) {
        return new Samples(name, type, help);
    }

    /** All that was written. */
    String text() {
        var text = new StringBuilder();
        metrics.values().forEach(text::append);
        return text.toString();
    }

    /** The samples of one metric. */
    final class Samples {

        private final String name;
        private final Type type;
        private final String help;

        Samples(String name, Type type, String help) {
            this.name = name;
            this.type = type;
            this.help = help;
        }

        void add(Labels labels, double value) {
            write("", labels, value);
        }

        void add(Labels labels, Histogram histogram) {
            long total = 0;
            for (int at = 0; at < histogram.size(); at++) {
                total += histogram.count(at);
                write("_bucket", labels.and("le", GoNumber.format(histogram.bound(at))), total);
            }
            total += histogram.count(histogram.size());
            write("_bucket", labels.and("le", "+Inf"), total);
            write("_sum", labels, histogram.sum());
            write("_count", labels, total);
        }

        /** A sum over events, with their number. */
        void add(Labels labels, double sum, long count) {
            write("_sum", labels, sum);
            write("_count", labels, count);
        }

        private void write(String suffix, Labels labels, double value) {
            StringBuilder text = metrics.computeIfAbsent(
                    name,
                    _ -> new StringBuilder("# HELP ")
                            .append(name)
                            .append(' ')
                            .append(help)
                            .append("\n# TYPE ")
                            .append(name)
                            .append(' ')
                            .append(type.word)
                            .append('\n'));
            text.append(name).append(suffix);
            if (!labels.text().isEmpty()) {
                text.append('{').append(labels.text()).append('}');
            }
            text.append(' ').append(GoNumber.format(value)).append('\n');
        }
    }
}
