package dev.keelson.server.cli;

import dev.keelson.api.etcd.ResponseOp;
import dev.keelson.api.etcd.TxnRequest;
import dev.keelson.api.etcd.TxnResponse;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

@Command(
        name = "txn",
        description = "Txn processes all the requests in one transaction, read from standard input",
        mixinStandardHelpOptions = true)
final class TxnCommand implements Callable<Integer> {

    @ParentCommand
    @SuppressWarnings("NullAway.Init") // picocli sets it
    ClientCommand client;

    @Override
    public Integer call() throws IOException {
        client.connection.refuseTable();
        var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        TxnRequest request = TxnParser.parse(in.lines().toList());
        TxnResponse answer = client.connection.ask(member -> member.kv().txn(request));
        if (client.connection.isJson()) {
            System.out.println(ProtoJson.of(answer));
            return 0;
        }
        System.out.println(answer.getSucceeded() ? "SUCCESS" : "FAILURE");
        for (ResponseOp operation : answer.getResponsesList()) {
            System.out.println();
            print(operation);
        }
        return 0;
    }

    private static void print(ResponseOp operation) {
        switch (operation.getResponseCase()) {
            case RESPONSE_PUT -> System.out.println("OK");
            case RESPONSE_DELETE_RANGE ->
                System.out.println(operation.getResponseDeleteRange().getDeleted());
            case RESPONSE_RANGE -> operation.getResponseRange().getKvsList().forEach(kv -> Print.keyValue(kv, false));
            case RESPONSE_TXN, RESPONSE_NOT_SET -> {}
        }
    }
}
