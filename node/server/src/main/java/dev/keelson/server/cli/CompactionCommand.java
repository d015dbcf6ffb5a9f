package dev.keelson.server.cli;

import dev.keelson.api.etcd.CompactionRequest;
import dev.keelson.api.etcd.CompactionResponse;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "compaction",
        aliases = "compact",
        description = "Compacts the event history",
        mixinStandardHelpOptions = true)
final class CompactionCommand implements Callable<Integer> {

    @Mixin
    Connection connection = new Connection();

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
        CompactionResponse answer = connection.ask(member -> member.kv().compact(request));
        System.out.println(
                connection.format == Connection.Format.json ? ProtoJson.of(answer) : "compacted revision " + revision);
        return 0;
    }
}
