package dev.keelson.server.cli;

import com.google.protobuf.ByteString;
import dev.keelson.api.etcd.DeleteRangeRequest;
import dev.keelson.api.etcd.RangeRequest;
import dev.keelson.api.etcd.RangeResponse;
import dev.keelson.api.lock.LockGrpc;
import dev.keelson.api.lock.LockRequest;
import dev.keelson.api.lock.LockResponse;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

@Command(name = "lock", description = "Acquires a named lock", mixinStandardHelpOptions = true)
final class LockCommand implements Callable<Integer> {

    @ParentCommand
    @SuppressWarnings("NullAway.Init") // picocli sets it
    ClientCommand client;

    @Parameters(
            paramLabel = "<lockname> [exec-command arg1 arg2 ...]",
            arity = "0..*",
            description = "what to lock, and what to run while it is locked; without it the lock is held until Ctrl-C")
    List<String> words = List.of();

    @Option(names = "--ttl", defaultValue = "10", description = "timeout for session (default: ${DEFAULT-VALUE})")
    int ttlSeconds;

    @Override
    public Integer call() throws InterruptedException {
        if (words.isEmpty()) {
            throw new CommandFailure(
                    "lock takes a lock name argument and an optional command to execute", CommandFailure.BAD_ARGUMENTS);
        }
        if (words.size() == 1) {
            client.connection.refuseTable();
        }
        try (Session session = Session.open(client.connection, ttlSeconds)) {
            LockResponse held = lock(session);
            return words.size() == 1 ? hold(held, session) : execute(held);
        }
    }

    private LockResponse lock(Session session) {
        LockRequest request = LockRequest.newBuilder()
                .setName(ByteString.copyFromUtf8(words.getFirst()))
                .setLease(session.lease())
                .build();
        return client.connection.ask(
                member -> Waiting.of(member.channel(), LockGrpc.getLockMethod(), request, client.interruption.asked()));
    }

    private int hold(LockResponse held, Session session) {
        RangeRequest request = RangeRequest.newBuilder().setKey(held.getKey()).build();
        RangeResponse key = client.connection.ask(member -> member.kv().range(request));
        if (key.getKvsCount() == 0) {
            throw new CommandFailure("lock lost on init", CommandFailure.ERROR);
        }
        Print.range(key, client.connection.isJson());
        CompletableFuture.anyOf(client.interruption.asked(), session.ended()).join();
        if (!client.interruption.asked().isDone()) {
            throw new CommandFailure("session expired", CommandFailure.ERROR);
        }
        unlock(held);
        return 0;
    }

    /** Told to end meanwhile, it waits for the command, which will have been told too. */
    private int execute(LockResponse held) throws InterruptedException {
        List<String> command = words.subList(1, words.size());
        var builder = new ProcessBuilder(command).inheritIO();
        builder.environment().put("ETCD_LOCK_KEY", held.getKey().toStringUtf8());
        builder.environment()
                .put("ETCD_LOCK_REV", String.valueOf(held.getHeader().getRevision()));
        int exitCode;
        try {
            exitCode = builder.start().waitFor();
        } catch (IOException failure) {
            throw new CommandFailure(reason(command.getFirst(), failure), CommandFailure.ERROR);
        } finally {
            unlock(held);
        }
        if (exitCode != 0) {
            throw new CommandFailure("exit status " + exitCode, exitCode);
        }
        return 0;
    }

    private static String reason(String program, IOException failure) {
        boolean denied = String.valueOf(failure.getMessage()).contains("Permission denied");
        if (program.contains("/")) {
            return "fork/exec " + program + ": " + (denied ? "permission denied" : "no such file or directory");
        }
        return "exec: \"" + program + "\": executable file not found in $PATH";
    }

    private void unlock(LockResponse held) {
        DeleteRangeRequest request =
                DeleteRangeRequest.newBuilder().setKey(held.getKey()).build();
        client.connection.ask(member -> member.kv().deleteRange(request));
    }
}
