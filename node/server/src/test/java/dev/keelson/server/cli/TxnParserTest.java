package dev.keelson.server.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keelson.api.etcd.Compare;
import dev.keelson.api.etcd.TxnRequest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class TxnParserTest {

    private static TxnRequest parse(String text) {
        return TxnParser.parse(text.lines().toList());
    }

    @Test
    void aBlankLineEndsEachOfTheThreeParts() {
        TxnRequest request = parse("""
                value("a") = "x"

                put b "one two"
                get a

                del c --prefix

                """);

        assertThat(request.getCompareList()).hasSize(1);
        assertThat(request.getSuccess(0).getRequestPut().getValue().toStringUtf8())
                .isEqualTo("one two");
        assertThat(request.getSuccess(1).getRequestRange().getKey().toStringUtf8())
                .isEqualTo("a");
        assertThat(request.getFailure(0).getRequestDeleteRange().getRangeEnd().toStringUtf8())
                .isEqualTo("d");
    }

    @Test
    void aPartMayBeEmpty() {
        TxnRequest request = parse("\n\nget a\n");

        assertThat(request.getCompareList()).isEmpty();
        assertThat(request.getSuccessList()).isEmpty();
        assertThat(request.getFailureList()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "create(\"k\") = \"3\" | CREATE | EQUAL",
                "c(\"k\") > \"3\" | CREATE | GREATER",
                "mod(\"k\") < \"3\" | MOD | LESS",
                "version(\"k\") != \"3\" | VERSION | NOT_EQUAL",
                "ver(\"k\") = \"3\" | VERSION | EQUAL",
                "val(\"k\") = \"3\" | VALUE | EQUAL",
                "lease(\"k\") = \"3\" | LEASE | EQUAL"
            })
    void aCompareNamesItsTargetLongOrShort(String line, Compare.CompareTarget target, Compare.CompareResult result) {
        Compare compare = parse(line).getCompare(0);

        assertThat(compare.getTarget()).isEqualTo(target);
        assertThat(compare.getResult()).isEqualTo(result);
        assertThat(compare.getKey().toStringUtf8()).isEqualTo("k");
    }

    @ParameterizedTest
    @ValueSource(strings = {"value(a) = 1", "size(\"a\") = \"1\"", "mod(\"a\") = \"one\""})
    void aCompareThatCannotBeReadIsNamed(String line) {
        assertThatThrownBy(() -> parse(line)).hasMessageContaining(line);
    }

    @Test
    void anOperationThatIsNoneIsNamed() {
        assertThatThrownBy(() -> parse("\nwatch a")).hasMessage("invalid operation: watch a");
    }
}
