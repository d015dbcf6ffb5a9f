package dev.keelson.raft.interaction;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Runs every script of {@code src/test/resources/interaction} and compares the trace with the stored one.
 *
 * <p>{@code -Dinteraction.rewrite=true} stores what the core does now. Commit a changed trace only if you can explain
 * every line of the difference.
 */
class InteractionTest {

    private static final Path SCRIPTS = Path.of("src/test/resources/interaction");

    static List<Path> scripts() throws IOException {
        try (Stream<Path> files = Files.list(SCRIPTS)) {
            return files.sorted().toList();
        }
    }

    @ParameterizedTest
    @MethodSource("scripts")
    void theTraceIsTheStoredOne(Path script) throws IOException {
        String stored = Files.readString(script);
        String traced = Script.parse(stored).run();
        if (Boolean.getBoolean("interaction.rewrite")) {
            Files.writeString(script, traced);
            return;
        }
        assertThat(traced).as(script.toString()).isEqualTo(stored);
    }
}
