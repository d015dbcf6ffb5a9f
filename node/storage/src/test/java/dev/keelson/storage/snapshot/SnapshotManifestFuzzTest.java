package dev.keelson.storage.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.keelson.storage.snapshot.SnapshotManifest.FileSum;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

/** Lists of files that nobody sent and whose checksums hold: read or refused; {@code -Dfuzz.inputs=N}: how many. */
class SnapshotManifestFuzzTest {

    private static final int INPUTS = Integer.getInteger("fuzz.inputs", 20_000);
    private static final byte[] TELLING = {0, 1, -1, Byte.MAX_VALUE, Byte.MIN_VALUE};

    private final Random random = new Random(1);

    private byte[] forged(byte[] sound) {
        int body = sound.length - Integer.BYTES;
        byte[] bytes =
                Arrays.copyOf(sound, random.nextInt(8) == 0 ? Integer.BYTES + random.nextInt(body) : sound.length);
        body = bytes.length - Integer.BYTES;
        for (int changes = 1 + random.nextInt(3); changes > 0 && body > 0; changes--) {
            bytes[random.nextInt(body)] =
                    random.nextBoolean() ? (byte) random.nextInt() : TELLING[random.nextInt(TELLING.length)];
        }
        var crc = new CRC32C();
        crc.update(bytes, 0, body);
        ByteBuffer.wrap(bytes).putInt(body, (int) crc.getValue());
        return bytes;
    }

    @Test
    void aListOfFilesIsReadOrRefused() {
        byte[] sound = new SnapshotManifest(List.of(
                        new FileSum("000012.sst", 1 << 20, 77), new FileSum("CURRENT", 16, -1), new FileSum("é", 0, 0)))
                .encode();
        int taken = 0;
        for (int input = 0; input < INPUTS; input++) {
            byte[] bytes = forged(sound);
            Throwable refused = catchThrowable(() -> SnapshotManifest.decode(bytes));
            if (refused == null) {
                taken++;
            } else {
                assertThat(refused).as("input %d", input).isInstanceOf(SnapshotRefusedException.class);
            }
        }
        assertThat(taken).as("lists that are sound still").isBetween(1, INPUTS - 1);
        assertThat(SnapshotManifest.decode(sound).files()).hasSize(3);
    }
}
