package dev.keelson.server.cli;

import com.google.protobuf.ByteString;
import dev.keelson.api.etcd.PutRequest;
import dev.keelson.api.etcd.PutResponse;
import java.io.IOException;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

@Command(
        name = "put",
        description = "Puts the given key into the store; without a value it is read from standard input",
        mixinStandardHelpOptions = true)
final class PutCommand implements Callable<Integer> {

    @ParentCommand
    @SuppressWarnings("NullAway.Init") // picocli sets it
    ClientCommand client;

    @Parameters(index = "0", paramLabel = "<key>")
    String key = "";

    @Parameters(index = "1", paramLabel = "<value>", arity = "0..1")
    @Nullable
    String value;

    @Option(names = "--lease", defaultValue = "0", description = "lease ID (in hexadecimal) to attach to the key")
    String lease = "0";

    @Option(names = "--prev-kv", description = "return the previous key-value pair before modification")
    boolean prevKv;

    @Option(names = "--ignore-value", description = "updates the key using its current value")
    boolean ignoreValue;

    @Option(names = "--ignore-lease", description = "updates the key using its current lease")
    boolean ignoreLease;

    @Override
    public Integer call() throws IOException {
        client.connection.refuseTable();
        PutRequest request = PutRequest.newBuilder()
                .setKey(ByteString.copyFromUtf8(key))
                .setValue(value())
                .setLease(Long.parseUnsignedLong(lease, 16))
                .setPrevKv(prevKv)
                .setIgnoreValue(ignoreValue)
                .setIgnoreLease(ignoreLease)
                .build();
        PutResponse answer = client.connection.ask(member -> member.kv().put(request));
        if (client.connection.isJson()) {
            System.out.println(ProtoJson.of(answer));
            return 0;
        }
        System.out.println("OK");
        if (answer.hasPrevKv()) {
            Print.keyValue(answer.getPrevKv(), false);
        }
        return 0;
    }

    private ByteString value() throws IOException {
        if (ignoreValue) {
            return ByteString.EMPTY;
        }
        return value == null ? ByteString.readFrom(System.in) : ByteString.copyFromUtf8(value);
    }
}
