package dev.keelson.server.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The text that Prometheus reads. */
class ExpositionTest {

    private final Exposition out = new Exposition();

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "-1, -1",
        "524288, 524288",
        "1048576, 1.048576e+06",
        "0.001, 0.001",
        "0.0001, 0.0001",
        "0.00001, 1e-05",
        "7.9e-05, 7.9e-05",
        "2147483648, 2.147483648e+09",
        "18446744073709551615, 1.8446744073709552e+19",
        "1e100, 1e+100",
        "123456.5, 123456.5",
        "-1234567.5, -1.2345675e+06",
        "NaN, NaN",
        "Infinity, +Inf",
        "-Infinity, -Inf"
    })
    void numbersReadAsGoWritesThem(double value, String written) {
        assertThat(GoNumber.format(value)).isEqualTo(written);
    }

    @Test
    void metricsComeInTheOrderOfTheirNamesWithTypesAndHelp() {
        out.gauge("b_total", "A level whatever its name says.", 3);
        out.counter("a", "A count whatever its name says.", new LongAdder());

        assertThat(out.text()).isEqualTo("""
            # HELP a A count whatever its name says.
            # TYPE a counter
            a 0
            # HELP b_total A level whatever its name says.
            # TYPE b_total gauge
            b_total 3
            """);
    }

    @Test
    void bucketsCountWhatLiesBelowTheirBoundAndOnIt() {
        Histogram durations = Histogram.ofSeconds(0.001, 3);
        durations.record(TimeUnit.MICROSECONDS.toNanos(1_000));
        durations.record(TimeUnit.MICROSECONDS.toNanos(1_001));
        durations.record(TimeUnit.SECONDS.toNanos(1));

        out.histogram("took_seconds", "How long it took.", durations);

        assertThat(out.text()).isEqualTo("""
            # HELP took_seconds How long it took.
            # TYPE took_seconds histogram
            took_seconds_bucket{le="0.001"} 1
            took_seconds_bucket{le="0.002"} 2
            took_seconds_bucket{le="0.004"} 2
            took_seconds_bucket{le="+Inf"} 3
            took_seconds_sum 1.002001
            took_seconds_count 3
            """);
    }

    @Test
    void aMetricWithLabelsShowsOnceItIsUsed() {
        var counts = new Labelled<LongAdder>(LongAdder::new);
        out.counters("calls_total", "Calls.", counts);
        assertThat(out.text()).isEmpty();

        counts.with(Labels.of("To", "b")).increment();
        counts.with(Labels.of("To", "a\"\\\n")).increment();
        counts.with(Labels.of("To", "b")).increment();
        out.counters("calls_total", "Calls.", counts);

        assertThat(out.text()).endsWith("calls_total{To=\"a\\\"\\\\\\n\"} 1\ncalls_total{To=\"b\"} 2\n");
    }
}
