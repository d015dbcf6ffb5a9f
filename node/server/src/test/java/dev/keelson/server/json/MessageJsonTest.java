package dev.keelson.server.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import dev.keelson.api.etcd.AuthUserAddRequest;
import dev.keelson.api.etcd.Compare;
import dev.keelson.api.etcd.HashResponse;
import dev.keelson.api.etcd.RangeRequest;
import dev.keelson.api.etcd.ResponseHeader;
import dev.keelson.api.etcd.StatusResponse;
import dev.keelson.api.etcd.TxnRequest;
import dev.keelson.api.etcd.WatchCreateRequest;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is taken, what is written and the words of refusals are etcd 3.7.1's. */
final class MessageJsonTest {

    private static final long SEED = 20_260_801;

    private static RangeRequest range(String json) throws JsonException {
        return read(json, RangeRequest.newBuilder()).build();
    }

    private static <B extends Message.Builder> B read(String json, B builder) throws JsonException {
        MessageReader.read(json.getBytes(StandardCharsets.UTF_8), builder);
        return builder;
    }

    private static String written(Message message) {
        return new String(MessageWriter.write(message), StandardCharsets.UTF_8);
    }

    @Test
    void fieldsGoByEitherNameAndWhatIsUnknownIsLeftOut() throws JsonException {
        RangeRequest read = range("""
                {"key": "Zm9v", "range_end": "YmFy", "sortOrder": "DESCEND", "sort_target": 2, "x": {"y": [1, "}"]},
                 "\\u006cimit": "7", "serializable": true, "revision": null}""");

        assertThat(read)
                .isEqualTo(RangeRequest.newBuilder()
                        .setKey(ByteString.copyFromUtf8("foo"))
                        .setRangeEnd(ByteString.copyFromUtf8("bar"))
                        .setSortOrder(RangeRequest.SortOrder.DESCEND)
                        .setSortTarget(RangeRequest.SortTarget.CREATE)
                        .setLimit(7)
                        .setSerializable(true)
                        .build());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "YQ==|a",
                "YQ|a",
                "_-8=|\u00ff\u00ef",
                "/+8|\u00ff\u00ef",
                "''|''",
                "Y\\nQ=\\n=\\r\\n|a",
                "YQ\\n==|none"
            })
    void bytesComeInEitherAlphabetWithPaddingOrWithout(String base64, String bytes) throws JsonException {
        if (bytes.equals("none")) {
            assertThatThrownBy(() -> range("{\"key\":\"" + base64 + "\"}")).hasMessageContaining("invalid value");
        } else {
            assertThat(range("{\"key\":\"" + base64 + "\"}").getKey().toString(StandardCharsets.ISO_8859_1))
                    .isEqualTo(bytes);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "0,0",
        "1.0,1",
        "1e1,10",
        "150e-1,15",
        "'\"12\"',12",
        "'\"1e2\"',100",
        "-0,0",
        "-9223372036854775808,-9223372036854775808"
    })
    void wholeNumbersComeInAnyNotation(String json, long value) throws JsonException {
        assertThat(range("{\"limit\":" + json + "}").getLimit()).isEqualTo(value);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{\"key\":1}|(line 1:8): invalid value for bytes field key: 1",
                "{\"key\":\"!!\"}|(line 1:8): invalid value for bytes field key: \"!!\"",
                "{\"limit\":\"x\"}|(line 1:10): invalid value for int64 field limit: \"x\"",
                "{\"limit\":1.5}|(line 1:10): invalid value for int64 field limit: 1.5",
                "{\"limit\":\" 1\"}|(line 1:10): invalid value for int64 field limit: \" 1\"",
                "{\"limit\":9223372036854775808}|(line 1:10): invalid value for int64 field limit: 9223372036854775808",
                "{\"limit\":1e999999999999}|(line 1:10): invalid value for int64 field limit: 1e999999999999",
                "{\"limit\":1e99999}|(line 1:10): invalid value for int64 field limit: 1e99999",
                "{\"limit\":{}}|(line 1:10): invalid value for int64 field limit: {",
                "{\"serializable\":\"true\"}|(line 1:17): invalid value for bool field serializable: \"true\"",
                "{\"sort_order\":true}|(line 1:15): invalid value for enum field sortOrder: true",
                "{\"sort_order\":4294967296}|(line 1:15): invalid value for enum field sortOrder: 4294967296",
                "{\"key\":\"\",\"key\":\"\"}|(line 1:11): duplicate field \"key\"",
                "{\"limit\":null,\"limit\":1}|(line 1:15): duplicate field \"limit\"",
                "[]|syntax error (line 1:1): unexpected token [",
                "null|syntax error (line 1:1): unexpected token null",
                "\"x\"|syntax error (line 1:1): unexpected token \"x\"",
                "{\"é\":1, \"key\":2}|(line 1:15): invalid value for bytes field key: 2",
                "{\"key\":\"\\ud800abcdef\"}|syntax error (line 1:8): invalid escape code \"abcdef\" in string",
                "{\"key\":\"\\ud800\"}|unexpected EOF"
            })
    void valuesOfAWrongKindAreRefusedInEtcdsWords(String json, String words) {
        assertThatThrownBy(() -> range(json)).hasMessage("proto: " + words);
    }

    @Test
    void placesCountLinesAndCharacters() {
        assertThatThrownBy(() -> range("{\n \"x\": \"é\\n\",\n  \"key\": 1}"))
                .hasMessage("proto: (line 3:10): invalid value for bytes field key: 1");
    }

    @Test
    void textsAreUtf8() {
        byte[] json = "{\"key\":\"?\"}".getBytes(StandardCharsets.UTF_8);
        json[8] = (byte) 0xff;

        assertThatThrownBy(() -> MessageReader.read(json, RangeRequest.newBuilder()))
                .hasMessage("proto: syntax error (line 1:8): invalid UTF-8 in string");
    }

    @Test
    void listsHoldTheirKindOnlyAndOfAChoiceOneIsTaken() throws JsonException {
        assertThatThrownBy(() -> read("{\"success\":{}}", TxnRequest.newBuilder()))
                .hasMessage("proto: syntax error (line 1:12): unexpected token {");
        assertThatThrownBy(() -> read("{\"success\":[null]}", TxnRequest.newBuilder()))
                .hasMessage("proto: syntax error (line 1:13): unexpected token null");
        assertThatThrownBy(() -> read("{\"version\":\"0\",\"value\":\"YQ==\"}", Compare.newBuilder()))
                .hasMessage("proto: (line 1:16): error parsing \"value\", oneof etcdserverpb.Compare.target_union is"
                        + " already set");
        assertThat(read("{\"filters\":[\"NOPUT\",\"NOPE\",1]}", WatchCreateRequest.newBuilder())
                        .getFiltersList())
                .containsExactly(WatchCreateRequest.FilterType.NOPUT, WatchCreateRequest.FilterType.NODELETE);
    }

    @Test
    void messagesInsideEachOtherHaveABound() throws JsonException {
        String deep = "{\"success\":[{\"request_txn\":".repeat(49) + "{}" + "}]}".repeat(49);
        String deeper = "{\"success\":[{\"request_txn\":" + deep + "}]}";

        read(deep, TxnRequest.newBuilder());
        assertThatThrownBy(() -> read(deeper, TxnRequest.newBuilder()))
                .hasMessage("proto: exceeded max recursion depth");
    }

    @Test
    void messagesAreWrittenInTheOrderOfTheirDefinitionWithoutDefaults() {
        assertThat(written(ResponseHeader.getDefaultInstance())).isEqualTo("{}");
        assertThat(written(StatusResponse.newBuilder()
                        .setHeader(ResponseHeader.newBuilder().setClusterId(-1).setRevision(-2))
                        .setVersion("3\"\\\n\u0001é<")
                        .addErrors("a")
                        .addErrors("")
                        .setIsLearner(true)
                        .setDbSizeInUse(5)
                        .build()))
                .isEqualTo("{\"header\":{\"cluster_id\":\"18446744073709551615\",\"revision\":\"-2\"},"
                        + "\"version\":\"3\\\"\\\\\\n\\u0001é<\",\"errors\":[\"a\",\"\"],\"dbSizeInUse\":\"5\","
                        + "\"isLearner\":true}");
        assertThat(written(HashResponse.newBuilder().setHash(-1).build())).isEqualTo("{\"hash\":4294967295}");
        assertThat(written(Compare.newBuilder()
                        .setTargetValue(77)
                        .setResult(Compare.CompareResult.LESS)
                        .setVersion(0)
                        .build()))
                .isEqualTo("{\"result\":\"LESS\",\"target\":77,\"version\":\"0\"}");
        assertThat(new String(MessageWriter.writeFailureLine(5, "a\"b"), StandardCharsets.UTF_8))
                .isEqualTo("{\"error\":{\"code\":5,\"message\":\"a\\\"b\"}}\n");
    }

    @Test
    void whatWasWrittenIsReadAsItWas() throws JsonException {
        var random = new Random(SEED);
        for (int round = 0; round < 2_000; round++) {
            byte[] bytes = new byte[random.nextInt(20)];
            random.nextBytes(bytes);
            String text = new String(bytes, StandardCharsets.UTF_8) + (char) random.nextInt(0xd800);
            var user = AuthUserAddRequest.newBuilder()
                    .setName(text)
                    .setPassword(text + "\ud83d\udd11")
                    .build();
            var request = RangeRequest.newBuilder()
                    .setKey(ByteString.copyFrom(bytes))
                    .setLimit(random.nextLong())
                    .setSortOrderValue(random.nextInt(5))
                    .build();

            assertThat(read(written(user), AuthUserAddRequest.newBuilder()).build())
                    .isEqualTo(user);
            assertThat(range(written(request))).isEqualTo(request);
        }
    }
}
