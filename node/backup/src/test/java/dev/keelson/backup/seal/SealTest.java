package dev.keelson.backup.seal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SealTest {

    private static final int CHUNK_BYTES = 1 << 16;
    private static final SealKey KEY = key(1);
    private static final SealKey OTHER = key(2);

    private static SealKey key(int number) {
        byte[] key = new byte[SealKey.BYTES];
        Arrays.fill(key, (byte) number);
        return new SealKey(key);
    }

    private static byte[] content(int bytes) {
        byte[] content = new byte[bytes];
        new Random(bytes).nextBytes(content);
        return content;
    }

    private static byte[] seal(String name, byte[] content) throws IOException {
        var out = new ByteArrayOutputStream();
        new Wrapping(false, new KeyRing(List.of(KEY)))
                .wrap(name, to -> to.write(content))
                .writeTo(out);
        return out.toByteArray();
    }

    private static byte[] open(String name, byte[] sealed, SealKey... keys) throws IOException {
        try (var in = SealedInput.open(name, new KeyRing(List.of(keys)), new ByteArrayInputStream(sealed))) {
            return in.readAllBytes();
        }
    }

    private static void assertRefused(String name, byte[] sealed) {
        assertThatThrownBy(() -> open(name, sealed, KEY))
                .isInstanceOfAny(SealException.class, EOFException.class)
                .hasMessageContaining(name);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1, 3 * CHUNK_BYTES})
    void whatIsSealedOpensWithAnyKeyOfTheRing(int bytes) throws IOException {
        byte[] content = content(bytes);
        assertThat(open("a", seal("a", content), OTHER, KEY)).isEqualTo(content);
    }

    @Test
    void everyChangeIsNoticed() throws IOException {
        byte[] sealed = seal("a", content(CHUNK_BYTES + 100));
        var random = new Random(8);
        for (int i = 0; i < 50; i++) {
            byte[] changed = sealed.clone();
            changed[random.nextInt(changed.length)] ^= (byte) (1 << random.nextInt(8));
            assertRefused("a", changed);
            assertRefused("a", Arrays.copyOf(sealed, random.nextInt(sealed.length)));
        }
        assertRefused("a", Arrays.copyOf(sealed, sealed.length + 1));
    }

    @Test
    void chunksInAnotherOrderAreNoticed() throws IOException {
        byte[] sealed = seal("a", content(3 * CHUNK_BYTES));
        int chunk = CHUNK_BYTES + 16;
        int begin = sealed.length - 3 * chunk;
        byte[] swapped = sealed.clone();
        System.arraycopy(sealed, begin, swapped, begin + chunk, chunk);
        System.arraycopy(sealed, begin + chunk, swapped, begin, chunk);
        assertRefused("a", swapped);
        assertRefused("a", Arrays.copyOf(sealed, begin + 2 * chunk));
    }

    @Test
    void anObjectUnderAnotherNameDoesNotOpen() throws IOException {
        assertRefused("b", seal("a", content(10)));
    }

    @Test
    void aMissingKeyIsNamed() throws IOException {
        byte[] sealed = seal("a", content(10));
        assertThatThrownBy(() -> open("a", sealed, OTHER))
                .isInstanceOf(SealException.class)
                .hasMessageContaining(KEY.id())
                .hasMessageContaining(OTHER.id())
                .hasMessageContaining("--key-file");
        assertThatThrownBy(() -> open("a", sealed)).hasMessageContaining("no key was given");
    }

    @Test
    void twoObjectsOfTheSameContentHaveNothingInCommon() throws IOException {
        byte[] content = content(100);
        assertThat(seal("a", content)).isNotEqualTo(seal("a", content));
    }

    @Test
    void keysAreReadInThreeForms(@TempDir Path directory) throws IOException {
        byte[] key = content(SealKey.BYTES);
        Path file = directory.resolve("key");
        for (byte[] form : List.of(
                key,
                (HexFormat.of().formatHex(key) + "\n").getBytes(StandardCharsets.US_ASCII),
                (Base64.getEncoder().encodeToString(key) + "\n").getBytes(StandardCharsets.US_ASCII))) {
            Files.write(file, form);
            assertThat(SealKey.read(file).id()).isEqualTo(new SealKey(key).id());
        }
        for (String none : List.of("", "short", "x".repeat(64), "x".repeat(2_000))) {
            Files.writeString(file, none);
            assertThatThrownBy(() -> SealKey.read(file))
                    .isInstanceOf(SealException.class)
                    .hasMessageContaining(file.toString());
        }
    }

    @Test
    void aSignatureIsOfOneKeyAndOneMessage() {
        byte[] message = content(50);
        byte[] signature = KEY.sign(message);
        assertThat(KEY.isSigned(message, signature)).isTrue();
        assertThat(OTHER.isSigned(message, signature)).isFalse();
        assertThat(KEY.isSigned(content(51), signature)).isFalse();
    }
}
