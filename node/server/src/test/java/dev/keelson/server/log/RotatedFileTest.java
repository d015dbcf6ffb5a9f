package dev.keelson.server.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RotatedFileTest {

    private static final int BYTES_MAX = 12;

    @TempDir
    private Path folder;

    private Instant now = Instant.parse("2026-01-31T23:59:58.123Z");

    private final Clock clock = new Clock() {
        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return now;
        }
    };

    private RotatedFile open(int days, int backups, boolean compressed) throws IOException {
        return RotatedFile.open(
                folder.resolve("k.log"), new Rotation(BYTES_MAX, days, backups, false, compressed), clock);
    }

    private void writeDays(RotatedFile file, String... lines) {
        for (String line : lines) {
            file.write(line);
            now = now.plus(Duration.ofDays(1));
        }
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void aLineThatDoesNotFitBeginsANewFileAndTheOldOneIsNamedByTheTime() throws IOException {
        writeDays(open(0, 0, false), "12345", "67890", "again");

        assertThat(names()).containsExactly("k-2026-02-02T23-59-58.123.log", "k.log");
        assertThat(folder.resolve("k-2026-02-02T23-59-58.123.log")).hasContent("12345\n67890\n");
        assertThat(folder.resolve("k.log")).hasContent("again\n");
    }

    @Test
    void whatAFileHeldBeforeCounts() throws IOException {
        Files.writeString(folder.resolve("k.log"), "from before\n");

        writeDays(open(0, 0, false), "x");

        assertThat(folder.resolve("k.log")).hasContent("x\n");
        assertThat(folder.resolve("k-2026-01-31T23-59-58.123.log")).hasContent("from before\n");
    }

    @Test
    void aLineThatIsLargerThanAFileIsWrittenWhole() throws IOException {
        writeDays(open(0, 0, false), "0123456789abcdef", "x");

        assertThat(folder.resolve("k-2026-02-01T23-59-58.123.log")).hasContent("0123456789abcdef\n");
    }

    @Test
    void onlySoManyOldFilesAreKeptAndForeignOnesLeftAlone() throws IOException {
        Files.writeString(folder.resolve("k-old.log"), "not one of ours");

        writeDays(open(0, 2, false), "0123456789", "1123456789", "2123456789", "3123456789", "4123456789");

        assertThat(names())
                .containsExactly(
                        "k-2026-02-03T23-59-58.123.log", "k-2026-02-04T23-59-58.123.log", "k-old.log", "k.log");
    }

    @Test
    void oldFilesGoAtTheirAge() throws IOException {
        writeDays(open(1, 0, false), "0123456789", "1123456789", "2123456789", "3123456789");

        assertThat(names()).containsExactly("k-2026-02-02T23-59-58.123.log", "k-2026-02-03T23-59-58.123.log", "k.log");
    }

    @Test
    void oldFilesArePacked() throws IOException {
        writeDays(open(0, 0, true), "0123456789", "1123456789", "2123456789");

        assertThat(names())
                .containsExactly("k-2026-02-01T23-59-58.123.log.gz", "k-2026-02-02T23-59-58.123.log.gz", "k.log");
        try (var packed =
                new GZIPInputStream(Files.newInputStream(folder.resolve("k-2026-02-01T23-59-58.123.log.gz")))) {
            assertThat(new String(packed.readAllBytes(), StandardCharsets.UTF_8))
                    .isEqualTo("0123456789\n");
        }
    }
}
