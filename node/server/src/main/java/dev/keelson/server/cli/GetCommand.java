package dev.keelson.server.cli;

import dev.keelson.api.etcd.RangeRequest;
import dev.keelson.api.etcd.RangeResponse;
import dev.keelson.api.mvcc.KeyValue;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

@Command(name = "get", description = "Gets the key or a range of keys", mixinStandardHelpOptions = true)
final class GetCommand implements Callable<Integer> {

    @ParentCommand
    @SuppressWarnings("NullAway.Init") // picocli sets it
    ClientCommand client;

    @Parameters(index = "0", paramLabel = "<key>")
    String key = "";

    @Parameters(index = "1", paramLabel = "<range_end>", arity = "0..1")
    String end = "";

    @Option(names = "--prefix", description = "get keys with matching prefix")
    boolean prefix;

    @Option(names = "--from-key", description = "get keys that are greater than or equal to the given key")
    boolean fromKey;

    @Option(names = "--limit", description = "maximum number of results")
    long limit;

    @Option(names = "--rev", description = "specify the kv revision")
    long revision;

    @Option(names = "--min-create-rev", description = "minimum create revision")
    long minCreateRevision;

    @Option(names = "--max-create-rev", description = "maximum create revision")
    long maxCreateRevision;

    @Option(names = "--min-mod-rev", description = "minimum modification revision")
    long minModRevision;

    @Option(names = "--max-mod-rev", description = "maximum modification revision")
    long maxModRevision;

    @Option(names = "--order", defaultValue = "", description = "order of results; ASCEND or DESCEND")
    String order = "";

    @Option(names = "--sort-by", defaultValue = "", description = "CREATE, KEY, MODIFY, VALUE or VERSION")
    String sortBy = "";

    @Option(names = "--consistency", defaultValue = "l", description = "linearizable (l) or serializable (s)")
    String consistency = "l";

    @Option(names = "--keys-only", description = "get only the keys")
    boolean keysOnly;

    @Option(names = "--count-only", description = "get only the count")
    boolean countOnly;

    @Option(names = "--print-value-only", description = "only write values when using the simple output format")
    boolean valueOnly;

    @Override
    public Integer call() {
        client.connection.refuseTable();
        KeyArguments keys = KeyArguments.of(key, end, prefix, fromKey);
        RangeRequest request = RangeRequest.newBuilder()
                .setKey(keys.key())
                .setRangeEnd(keys.end())
                .setLimit(limit)
                .setRevision(revision)
                .setSortOrder(sortOrder())
                .setSortTarget(sortTarget())
                .setSerializable(isSerializable())
                .setKeysOnly(keysOnly)
                .setCountOnly(countOnly)
                .setMinCreateRevision(minCreateRevision)
                .setMaxCreateRevision(maxCreateRevision)
                .setMinModRevision(minModRevision)
                .setMaxModRevision(maxModRevision)
                .build();
        print(client.connection.ask(member -> member.kv().range(request)));
        return 0;
    }

    private RangeRequest.SortOrder sortOrder() {
        return switch (order.toUpperCase(Locale.ROOT)) {
            case "" -> RangeRequest.SortOrder.NONE;
            case "ASCEND" -> RangeRequest.SortOrder.ASCEND;
            case "DESCEND" -> RangeRequest.SortOrder.DESCEND;
            default -> throw new CommandFailure("bad sort order " + order, CommandFailure.BAD_FEATURE);
        };
    }

    private RangeRequest.SortTarget sortTarget() {
        return switch (sortBy.toUpperCase(Locale.ROOT)) {
            case "", "KEY" -> RangeRequest.SortTarget.KEY;
            case "CREATE" -> RangeRequest.SortTarget.CREATE;
            case "MODIFY" -> RangeRequest.SortTarget.MOD;
            case "VALUE" -> RangeRequest.SortTarget.VALUE;
            case "VERSION" -> RangeRequest.SortTarget.VERSION;
            default -> throw new CommandFailure("bad sort target " + sortBy, CommandFailure.BAD_FEATURE);
        };
    }

    private boolean isSerializable() {
        return switch (consistency) {
            case "l" -> false;
            case "s" -> true;
            default ->
                throw new CommandFailure(
                        "unknown consistency flag \"" + consistency + "\"", CommandFailure.BAD_FEATURE);
        };
    }

    private void print(RangeResponse answer) {
        if (client.connection.isJson()) {
            System.out.println(ProtoJson.of(answer));
            return;
        }
        for (KeyValue kv : answer.getKvsList()) {
            Print.keyValue(kv, valueOnly);
        }
        if (countOnly) {
            System.out.println(answer.getCount());
        }
    }
}
