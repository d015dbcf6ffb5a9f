package dev.keelson.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.zip.CRC32C;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Small files whose lines nobody wrote and whose checksums hold: read or refused; {@code -Dfuzz.inputs=N}: how many. */
class ForgedFilesTest {

    private static final int INPUTS = Integer.getInteger("fuzz.inputs", 2_000);
    private static final String CHECKSUM = "checksum ";
    private static final String TELLING = " \n-0f\u00ff";

    @TempDir
    private Path folder;

    private final Random random = new Random(1);

    private void forge(Path file, String sound) throws IOException {
        var lines = new StringBuilder(sound.substring(0, sound.lastIndexOf(CHECKSUM)));
        for (int changes = 1 + random.nextInt(3); changes > 0; changes--) {
            int at = random.nextInt(lines.length());
            switch (random.nextInt(3)) {
                case 0 -> lines.deleteCharAt(at);
                case 1 -> lines.insert(at, TELLING.charAt(random.nextInt(TELLING.length())));
                default -> lines.setCharAt(at, (char) random.nextInt(256));
            }
        }
        var crc = new CRC32C();
        crc.update(lines.toString().getBytes(StandardCharsets.ISO_8859_1));
        Files.writeString(
                file, lines + CHECKSUM + String.format("%08x", crc.getValue()) + "\n", StandardCharsets.ISO_8859_1);
    }

    private void feed(Path file, ThrowingCallable reading) throws IOException {
        String sound = Files.readString(file, StandardCharsets.ISO_8859_1);
        int taken = 0;
        for (int input = 0; input < INPUTS; input++) {
            forge(file, sound);
            Throwable refused = catchThrowable(reading);
            if (refused == null) {
                taken++;
            } else {
                assertThat(refused)
                        .as("input %d", input)
                        .isInstanceOfAny(StorageCorruptException.class, StorageException.class);
            }
        }
        assertThat(taken).as("files that are sound still").isBetween(1, INPUTS - 1);
    }

    @Test
    void anIdentityIsReadOrRefused() throws IOException {
        var file = new IdentityFile(folder);
        file.write(new Identity(-1, 2, 3));

        feed(folder.resolve(IdentityFile.NAME), file::read);
    }

    @Test
    void incarnationsOfPeersAreReadOrRefused() throws IOException {
        var file = new PeersFile(folder);
        file.remember(1, -2);
        file.remember(-3, 4);

        feed(
                folder.resolve(PeersFile.NAME),
                () -> assertThat(new PeersFile(folder)).isNotNull());
    }
}
