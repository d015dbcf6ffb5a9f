package dev.keelson.server.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The lines expected here have the fields, their order and the timestamp of etcd 3.7.1's. */
final class LineLogTest {

    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-11-23T16:20:04.40631Z"), ZoneOffset.UTC);

    private final ByteArrayOutputStream written = new ByteArrayOutputStream();

    private LineLog log(Level least, boolean json) {
        return new LineLog(
                List.of(LineOutput.of(new PrintStream(written, true, StandardCharsets.UTF_8))), CLOCK, least, json);
    }

    private String written() {
        return written.toString(StandardCharsets.UTF_8);
    }

    @Test
    void aLineIsOneJsonObjectWithEtcdsFieldsFirst() {
        log(Level.INFO, true)
                .write(
                        Level.INFO,
                        "server/member",
                        "ready to serve client requests",
                        "name",
                        "a",
                        "urls",
                        List.of("u", "v"),
                        "term",
                        7L,
                        "learner",
                        false);

        assertThat(written())
                .isEqualTo("{\"level\":\"info\",\"ts\":\"2026-11-23T16:20:04.406310Z\",\"caller\":\"server/member\","
                        + "\"msg\":\"ready to serve client requests\",\"name\":\"a\",\"urls\":[\"u\",\"v\"],\"term\":7,"
                        + "\"learner\":false}\n");
    }

    @Test
    void whateverAMessageHoldsTheLineStaysOneLineOfJson() {
        log(Level.INFO, true).write(Level.WARN, "c", "a \"b\"\\ \n\r\t\u0001 é");

        assertThat(written())
                .contains("\"msg\":\"a \\\"b\\\"\\\\ \\n\\r\\t\\u0001 é\"}")
                .hasLineCount(1);
    }

    @Test
    void aLineForPeopleHasTabsAndItsFieldsAsAnObject() {
        log(Level.INFO, false).write(Level.WARN, "server/member", "slow", "took", "1s", "peers", List.of(1, 2));

        assertThat(written())
                .isEqualTo(
                        "2026-11-23T16:20:04.406310Z\twarn\tserver/member\tslow\t{\"took\": \"1s\", \"peers\": [1, 2]}\n");
    }

    @Test
    void linesBelowTheLevelAreNotWritten() {
        log(Level.WARN, true).write(Level.INFO, "c", "m");

        assertThat(written()).isEmpty();
    }

    @Test
    void whatALibraryLogsBecomesALineWithItsFailureAsAField() {
        var event = new LogRecord(java.util.logging.Level.WARNING, "half {0}");
        event.setParameters(new Object[] {"done"});
        event.setLoggerName("io.netty");
        event.setThrown(new IOException("gone"));

        new LibraryHandler(log(Level.INFO, true)).publish(event);

        assertThat(written())
                .contains("\"level\":\"warn\"")
                .contains("\"caller\":\"io.netty\",\"msg\":\"half done\",\"error\":\"java.io.IOException: gone\"}")
                .hasLineCount(1);
    }

    @Test
    void aFileAmongTheOutputsIsAppendedTo(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("k.log"), "before\n");

        for (LineOutput output : LogOutputs.open(List.of(file.toString()), null)) {
            output.write("after");
        }

        assertThat(file).hasContent("before\nafter\n");
    }
}
