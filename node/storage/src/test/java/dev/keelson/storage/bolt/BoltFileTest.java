package dev.keelson.storage.bolt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BoltFileTest {

    private static final Duration READ_MAX = Duration.ofSeconds(10);

    @TempDir
    Path directory;

    private int files;

    private Path write(int keys, int valueBytes) {
        Path file = directory.resolve(keys + "-" + valueBytes + "-" + ++files);
        try (BoltWriter writer = BoltWriter.create(file)) {
            writer.bucket(bytes("empty"), _ -> {});
            writer.bucket(bytes("full"), elements -> {
                for (int i = 0; i < keys; i++) {
                    elements.put(key(i), value(i, valueBytes));
                }
            });
            writer.bucket(bytes("small"), elements -> elements.put(bytes("a"), bytes("")));
            writer.finish();
        }
        return file;
    }

    private static byte[] key(int i) {
        return bytes("key/%07d".formatted(i));
    }

    private static byte[] value(int i, int size) {
        byte[] value = new byte[size];
        Arrays.fill(value, (byte) i);
        return value;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** All that a file holds, a line an element. */
    private static List<String> content(Path file) throws IOException {
        var lines = new ArrayList<String>();
        try (BoltFile bolt = BoltFile.open(file, Files.size(file))) {
            bolt.check();
            BoltCursor root = bolt.root();
            while (root.next()) {
                lines.add("bucket " + new String(root.key(), StandardCharsets.UTF_8));
                if (root.isBucket()) {
                    for (BoltCursor bucket = root.bucket(); bucket.next(); ) {
                        lines.add(new String(bucket.key(), StandardCharsets.UTF_8) + "="
                                + Arrays.hashCode(bucket.value()));
                    }
                }
            }
        }
        return lines;
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3, 10, 200, 20_000})
    void whatIsWrittenIsReadInItsOrder(int keys) throws IOException {
        var expected = new ArrayList<>(List.of("bucket empty", "bucket full"));
        for (int i = 0; i < keys; i++) {
            expected.add("key/%07d=%d".formatted(i, Arrays.hashCode(value(i, 100))));
        }
        expected.addAll(List.of("bucket small", "a=" + Arrays.hashCode(bytes(""))));

        assertThat(content(write(keys, 100))).isEqualTo(expected);
    }

    @Test
    void valuesLargerThanAPageReachOverTheNextOnes() throws IOException {
        assertThat(content(write(3, 50_000))).contains("key/0000002=" + Arrays.hashCode(value(2, 50_000)));
    }

    @Test
    void keysOutOfOrderAreNotWritten() {
        try (BoltWriter writer = BoltWriter.create(directory.resolve("disorder"))) {
            assertThatThrownBy(() -> writer.bucket(bytes("b"), elements -> {
                        elements.put(bytes("2"), bytes(""));
                        elements.put(bytes("1"), bytes(""));
                    }))
                    .hasMessageContaining("rise");
        }
    }

    @Test
    void aDamagedMetaGivesWayToTheOther() throws IOException {
        Path file = write(10, 10);
        List<String> expected = content(file);
        byte[] bytes = Files.readAllBytes(file);
        bytes[20] ^= 1;
        Files.write(file, bytes);

        assertThat(content(file)).isEqualTo(expected);
    }

    @Test
    void damageIsNamedWithFileAndPage() throws IOException {
        Path file = write(300, 100);
        byte[] sound = Files.readAllBytes(file);

        assertRefused(file, sound, 3 * 4096, "page 3", "says that it is page");
        assertRefused(file, sound, 3 * 4096 + Layout.FLAGS_AT, "page 3", "neither leaf nor branch");
        assertRefused(file, sound, 3 * 4096 + Layout.OVERFLOW_AT + 3, "page 3", "do not belong to it");
        assertRefused(file, sound, 3 * 4096 + Layout.PAGE_HEADER_BYTES + 10, "page 3", "element 0 lies at");
        assertThat(content(write(300, 100))).hasSizeGreaterThan(300);
    }

    private void assertRefused(Path file, byte[] sound, int at, String... words) throws IOException {
        byte[] damaged = sound.clone();
        damaged[at] ^= 0x40;
        Files.write(file, damaged);
        assertThatThrownBy(() -> content(file))
                .isInstanceOf(DamagedBoltFileException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContainingAll(words);
    }

    @Test
    void otherFilesAreRefused() throws IOException {
        Path file = directory.resolve("other");
        for (int size : new int[] {0, 1, 79, 80, 4096, 100_000}) {
            Files.write(file, new byte[size]);
            assertThatThrownBy(() -> content(file)).isInstanceOf(DamagedBoltFileException.class);
        }
    }

    @Test
    void aFileThatWasCutShortIsRefused() throws IOException {
        Path file = write(300, 100);
        byte[] sound = Files.readAllBytes(file);
        for (int size = 0; size < sound.length; size += 500) {
            Files.write(file, Arrays.copyOf(sound, size));
            assertThatThrownBy(() -> content(file)).isInstanceOf(DamagedBoltFileException.class);
        }
    }

    /** The format has no checksum of its pages, so a changed value may go unseen; anything else must not. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void flippedBitsGiveAnAnswerOrARefusalInTime(long seed) throws IOException {
        var random = new Random(seed);
        Path file = write(400, 60);
        byte[] sound = Files.readAllBytes(file);
        int refusals = 0;
        for (int i = 0; i < 500; i++) {
            byte[] damaged = Arrays.copyOf(sound, random.nextInt(8) == 0 ? random.nextInt(sound.length) : sound.length);
            for (int flips = random.nextInt(6); flips >= 0 && damaged.length > 0; flips--) {
                int page = random.nextInt(Math.max(1, damaged.length / 4096)) * 4096;
                int at = random.nextBoolean() ? random.nextInt(damaged.length) : page + random.nextInt(64);
                damaged[Math.min(at, damaged.length - 1)] ^= (byte) (1 << random.nextInt(8));
            }
            Files.write(file, damaged);
            refusals += Assertions.assertTimeout(READ_MAX, () -> isRefused(file)) ? 1 : 0;
        }
        assertThat(refusals).isPositive();
    }

    private static boolean isRefused(Path file) throws IOException {
        try {
            content(file);
            return false;
        } catch (DamagedBoltFileException refused) {
            assertThat(refused).hasMessageContaining(file.toString());
            return true;
        }
    }
}
