package dev.keelson.server.cli;

import dev.keelson.api.etcd.DefragmentRequest;
import io.grpc.StatusRuntimeException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

/** Asks one member after another: none of them stops serving for it, but each has more to do meanwhile. */
@Command(
        name = "defrag",
        description = "Gives the space of removed data back, on the members with given endpoints",
        mixinStandardHelpOptions = true)
final class DefragCommand implements Callable<Integer> {

    @ParentCommand
    @SuppressWarnings("NullAway.Init") // picocli sets it
    ClientCommand client;

    @Override
    public Integer call() {
        int failures = 0;
        for (String address : client.connection.addresses()) {
            long begin = System.nanoTime();
            try {
                client.connection.ask(
                        address, member -> member.maintenance().defragment(DefragmentRequest.getDefaultInstance()));
                System.out.println("Finished defragmenting etcd member[" + address + "]. took "
                        + GoText.duration(System.nanoTime() - begin));
            } catch (StatusRuntimeException failure) {
                failures++;
                System.err.println("Failed to defragment etcd member[" + address + "]. took "
                        + GoText.duration(System.nanoTime() - begin) + ". (" + Connection.reason(failure) + ")");
            }
        }
        return failures == 0 ? 0 : CommandFailure.ERROR;
    }
}
