package dev.keelson.server.cli;

import com.google.protobuf.ByteString;
import dev.keelson.api.etcd.Compare;
import dev.keelson.api.etcd.DeleteRangeRequest;
import dev.keelson.api.etcd.PutRequest;
import dev.keelson.api.etcd.RangeRequest;
import dev.keelson.api.etcd.RequestOp;
import dev.keelson.api.etcd.TxnRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads a transaction as etcdctl writes it: compares, a blank line, what to do when they hold, a blank line, what to do
 * otherwise.
 */
final class TxnParser {

    private static final Pattern COMPARE =
            Pattern.compile("(c|create|m|mod|val|value|ver|version|lease)\\(\"(.*)\"\\)\\s*([=<>]|!=)\\s*\"(.*)\"");
    private static final Pattern WORD = Pattern.compile("\"([^\"]*)\"|(\\S+)");

    private final List<String> lines;
    private int at;

    private TxnParser(List<String> lines) {
        this.lines = lines;
    }

    /** @throws IllegalArgumentException naming the line that cannot be read */
    static TxnRequest parse(List<String> lines) {
        var parser = new TxnParser(lines);
        var request = TxnRequest.newBuilder();
        parser.section().forEach(line -> request.addCompare(compare(line)));
        parser.section().forEach(line -> request.addSuccess(operation(line)));
        parser.section().forEach(line -> request.addFailure(operation(line)));
        return request.build();
    }

    private List<String> section() {
        var section = new ArrayList<String>();
        while (at < lines.size()) {
            String line = lines.get(at++).strip();
            if (line.isEmpty()) {
                break;
            }
            section.add(line);
        }
        return section;
    }

    private static Compare compare(String line) {
        Matcher matcher = COMPARE.matcher(line);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("invalid comparison: " + line);
        }
        String operand = matcher.group(4);
        var compare = Compare.newBuilder()
                .setKey(ByteString.copyFromUtf8(matcher.group(2)))
                .setResult(
                        switch (matcher.group(3)) {
                            case "=" -> Compare.CompareResult.EQUAL;
                            case "!=" -> Compare.CompareResult.NOT_EQUAL;
                            case ">" -> Compare.CompareResult.GREATER;
                            default -> Compare.CompareResult.LESS;
                        });
        return switch (matcher.group(1)) {
            case "c", "create" ->
                compare.setTarget(Compare.CompareTarget.CREATE)
                        .setCreateRevision(number(operand, line))
                        .build();
            case "m", "mod" ->
                compare.setTarget(Compare.CompareTarget.MOD)
                        .setModRevision(number(operand, line))
                        .build();
            case "ver", "version" ->
                compare.setTarget(Compare.CompareTarget.VERSION)
                        .setVersion(number(operand, line))
                        .build();
            case "lease" ->
                compare.setTarget(Compare.CompareTarget.LEASE)
                        .setLease(Long.parseUnsignedLong(operand, 16))
                        .build();
            default ->
                compare.setTarget(Compare.CompareTarget.VALUE)
                        .setValue(ByteString.copyFromUtf8(operand))
                        .build();
        };
    }

    private static long number(String operand, String line) {
        try {
            return Long.parseLong(operand);
        } catch (NumberFormatException malformed) {
            throw new IllegalArgumentException("not a number in comparison: " + line, malformed);
        }
    }

    private static RequestOp operation(String line) {
        var words = new ArrayList<String>();
        Matcher matcher = WORD.matcher(line);
        while (matcher.find()) {
            words.add(matcher.group(1) != null ? matcher.group(1) : matcher.group(2));
        }
        boolean prefix = words.remove("--prefix");
        String key = words.size() > 1 ? words.get(1) : "";
        String second = words.size() > 2 ? words.get(2) : "";
        return switch (words.getFirst()) {
            case "get" -> {
                KeyArguments keys = KeyArguments.of(key, second, prefix, false);
                yield RequestOp.newBuilder()
                        .setRequestRange(
                                RangeRequest.newBuilder().setKey(keys.key()).setRangeEnd(keys.end()))
                        .build();
            }
            case "del" -> {
                KeyArguments keys = KeyArguments.of(key, second, prefix, false);
                yield RequestOp.newBuilder()
                        .setRequestDeleteRange(DeleteRangeRequest.newBuilder()
                                .setKey(keys.key())
                                .setRangeEnd(keys.end()))
                        .build();
            }
            case "put" ->
                RequestOp.newBuilder()
                        .setRequestPut(PutRequest.newBuilder()
                                .setKey(ByteString.copyFromUtf8(key))
                                .setValue(ByteString.copyFromUtf8(second)))
                        .build();
            default -> throw new IllegalArgumentException("invalid operation: " + line);
        };
    }
}
