package dev.keelson.server.cli;

import dev.keelson.api.etcd.DeleteRangeRequest;
import dev.keelson.api.etcd.DeleteRangeResponse;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

@Command(
        name = "del",
        description = "Removes the specified key or range of keys [key, range_end)",
        mixinStandardHelpOptions = true)
final class DelCommand implements Callable<Integer> {

    @ParentCommand
    @SuppressWarnings("NullAway.Init") // picocli sets it
    ClientCommand client;

    @Parameters(index = "0", paramLabel = "<key>")
    String key = "";

    @Parameters(index = "1", paramLabel = "<range_end>", arity = "0..1")
    String end = "";

    @Option(names = "--prefix", description = "delete keys with matching prefix")
    boolean prefix;

    @Option(names = "--from-key", description = "delete keys that are greater than or equal to the given key")
    boolean fromKey;

    @Option(names = "--prev-kv", description = "return deleted key-value pairs")
    boolean prevKv;

    @Override
    public Integer call() {
        client.connection.refuseTable();
        KeyArguments keys = KeyArguments.of(key, end, prefix, fromKey);
        DeleteRangeRequest request = DeleteRangeRequest.newBuilder()
                .setKey(keys.key())
                .setRangeEnd(keys.end())
                .setPrevKv(prevKv)
                .build();
        DeleteRangeResponse answer = client.connection.ask(member -> member.kv().deleteRange(request));
        if (client.connection.isJson()) {
            System.out.println(ProtoJson.of(answer));
            return 0;
        }
        System.out.println(answer.getDeleted());
        answer.getPrevKvsList().forEach(kv -> Print.keyValue(kv, false));
        return 0;
    }
}
