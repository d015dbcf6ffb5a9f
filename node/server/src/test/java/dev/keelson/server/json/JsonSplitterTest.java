package dev.keelson.server.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The words of refusals are those that etcd 3.7.1 answers with. */
final class JsonSplitterTest {

    private static final int BYTES_MAX = 1_000;

    /** The values of a text that arrives in parts of this many bytes. */
    private static List<String> split(String text, int partBytes) throws JsonException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        var splitter = new JsonSplitter(BYTES_MAX);
        var values = new ArrayList<String>();
        for (int from = 0; from < bytes.length; from += partBytes) {
            splitter.feed(java.util.Arrays.copyOfRange(bytes, from, Math.min(bytes.length, from + partBytes)));
            for (byte[] value = splitter.next(); value != null; value = splitter.next()) {
                values.add(new String(value, StandardCharsets.UTF_8));
            }
        }
        byte[] last = splitter.end();
        if (last != null) {
            values.add(new String(last, StandardCharsets.UTF_8));
        }
        return values;
    }

    @Test
    void valuesAreCutWhereTheyEndHoweverTheyArrive() throws JsonException {
        String text = " {\"a\":[1,{\"b\":\"}\\\"]\"}],\"c\":null}{} \n[[],[{}]]\"text\" true-1.5e+3 0 12";

        for (int partBytes = 1; partBytes <= text.length(); partBytes++) {
            assertThat(split(text, partBytes))
                    .containsExactly(
                            "{\"a\":[1,{\"b\":\"}\\\"]\"}],\"c\":null}",
                            "{}",
                            "[[],[{}]]",
                            "\"text\"",
                            "true",
                            "-1.5e+3",
                            "0",
                            "12");
        }
    }

    @Test
    void aValueIsThereWithItsLastByte() throws JsonException {
        var splitter = new JsonSplitter(BYTES_MAX);

        splitter.feed("{\"a\":1".getBytes(StandardCharsets.UTF_8));
        assertThat(splitter.next()).isNull();
        splitter.feed("}".getBytes(StandardCharsets.UTF_8));
        assertThat(splitter.next()).isEqualTo("{\"a\":1}".getBytes(StandardCharsets.UTF_8));
        assertThat(splitter.next()).isNull();
        assertThat(splitter.end()).isNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "x|invalid character 'x' looking for beginning of value",
                "{key:1}|invalid character 'k' looking for beginning of object key string",
                "{\"a\":1,}|invalid character '}' looking for beginning of object key string",
                "{'a':1}|invalid character '\\'' looking for beginning of object key string",
                "{\"a\" 1}|invalid character '1' after object key",
                "{\"a\":1 \"b\"}|invalid character '\"' after object key:value pair",
                "[1 2]|invalid character '2' after array element",
                "[1,]|invalid character ']' looking for beginning of value",
                "{\"a\":tru}|invalid character '}' in literal true (expecting 'e')",
                "{\"a\":01}|invalid character '1' after object key:value pair",
                "{\"a\":-}|invalid character '}' in numeric literal",
                "{\"a\":1.}|invalid character '}' after decimal point in numeric literal",
                "{\"a\":1e}|invalid character '}' in exponent of numeric literal",
                "{\"a\":1e+}|invalid character '}' in exponent of numeric literal",
                "{\"a\":\"\\x\"}|invalid character 'x' in string escape code",
                "{\"a\":\"\\u12\"}|invalid character '\"' in \\u hexadecimal character escape",
                "{\"a\":\"\t\"}|invalid character '\\t' in string literal",
                "{\u0001}|invalid character '\\x01' looking for beginning of object key string",
                "é|invalid character 'Ã' looking for beginning of value",
                "{\"a\":1|unexpected EOF",
                "[|unexpected EOF",
                "-|unexpected EOF",
                "\"a|unexpected EOF"
            })
    void whatIsMalformedIsRefusedInEtcdsWords(String text, String words) {
        assertThatThrownBy(() -> split(text, 1)).hasMessage(words);
        assertThatThrownBy(() -> split(text, text.length())).hasMessage(words);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 100_000})
    void depthAndLengthHaveBounds(int partBytes) {
        assertThatThrownBy(() -> split("[".repeat(10_001), partBytes))
                .isInstanceOfSatisfying(
                        JsonException.class,
                        refused -> assertThat(refused.isTooLarge())
                                .describedAs("the length counts before the depth, in small parts")
                                .isEqualTo(partBytes < BYTES_MAX));
        assertThatThrownBy(() -> split("\"" + "a".repeat(BYTES_MAX) + "\"", partBytes))
                .isInstanceOfSatisfying(
                        JsonException.class,
                        refused -> assertThat(refused.isTooLarge()).isTrue());
    }

    @Test
    void aValueOfTheGreatestLengthIsTaken() throws JsonException {
        String text = "\"" + "a".repeat(BYTES_MAX - 2) + "\"";

        assertThat(split(text.repeat(3), 64)).containsExactly(text, text, text);
    }

    @Test
    void theGreatestDepthIsTaken() throws JsonException {
        var splitter = new JsonSplitter(100_000);
        splitter.feed(("[".repeat(10_000) + "]".repeat(10_000)).getBytes(StandardCharsets.UTF_8));

        assertThat(splitter.next()).hasSize(20_000);
        splitter.feed("[".repeat(10_001).getBytes(StandardCharsets.UTF_8));
        assertThatThrownBy(splitter::next).hasMessage("invalid character '[' exceeded max depth");
    }
}
