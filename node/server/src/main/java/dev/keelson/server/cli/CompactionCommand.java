package dev.keelson.server.cli;

import dev.keelson.api.etcd.CompactionRequest;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

@Command(
        name = "compaction",
        aliases = "compact",
        description = "Compacts the event history",
        mixinStandardHelpOptions = true)
final class CompactionCommand implements Callable<Integer> {

    @ParentCommand
    @SuppressWarnings("NullAway.Init") // picocli sets it
    ClientCommand client;

    @Parameters(index = "0", paramLabel = "<revision>")
    long revision;

    @Option(names = "--physical", description = "wait until all old revisions are removed")
    boolean physical;

    @Override
    public Integer call() {
        CompactionRequest request = CompactionRequest.newBuilder()
                .setRevision(revision)
                .setPhysical(physical)
                .build();
        client.connection.ask(member -> member.kv().compact(request));
        System.out.println("compacted revision " + revision);
        return 0;
    }
}
