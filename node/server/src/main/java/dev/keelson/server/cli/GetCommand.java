package dev.keelson.server.cli;

import dev.keelson.api.etcd.RangeRequest;
import dev.keelson.api.etcd.RangeResponse;
import dev.keelson.api.mvcc.KeyValue;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "get", description = "Gets the key or a range of keys", mixinStandardHelpOptions = true)
final class GetCommand implements Callable<Integer> {

    @Mixin
    Connection connection = new Connection();

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

    @Option(names = "--order", defaultValue = "", description = "order of results; ASCEND or DESCEND")
    String order = "";

    @Option(names = "--sort-by", defaultValue = "KEY", description = "CREATE, KEY, MODIFY, VALUE or VERSION")
    String sortBy = "KEY";

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
        KeyArguments keys = KeyArguments.of(key, end, prefix, fromKey);
        RangeRequest request = RangeRequest.newBuilder()
                .setKey(keys.key())
                .setRangeEnd(keys.end())
                .setLimit(limit)
                .setRevision(revision)
                .setSortOrder(
                        order.isEmpty()
                                ? RangeRequest.SortOrder.NONE
                                : RangeRequest.SortOrder.valueOf(order.toUpperCase(Locale.ROOT)))
                .setSortTarget(RangeRequest.SortTarget.valueOf(
                        sortBy.equalsIgnoreCase("modify") ? "MOD" : sortBy.toUpperCase(Locale.ROOT)))
                .setSerializable(consistency.equals("s"))
                .setKeysOnly(keysOnly)
                .setCountOnly(countOnly)
                .build();
        print(connection.ask(member -> member.kv().range(request)));
        return 0;
    }

    private void print(RangeResponse answer) {
        if (connection.format == Connection.Format.json) {
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
