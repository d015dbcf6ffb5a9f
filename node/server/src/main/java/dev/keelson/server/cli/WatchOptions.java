package dev.keelson.server.cli;

import dev.keelson.api.etcd.WatchCreateRequest;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** How a watch is asked for, on the command line and on a line typed while others run. */
final class WatchOptions {

    @Parameters(paramLabel = "<key> <range_end> -- <command>", arity = "0..*")
    List<String> words = new ArrayList<>();

    @Option(names = "--prefix", description = "watch on a prefix")
    boolean prefix;

    @Option(names = "--rev", description = "revision to start watching")
    long revision;

    @Option(names = "--prev-kv", description = "get the previous key-value pair before the event happens")
    boolean prevKv;

    @Option(names = "--progress-notify", description = "get periodic watch progress notification from server")
    boolean progressNotify;

    /** The request for these keys. */
    WatchCreateRequest request(List<String> keys) {
        boolean range = keys.size() == 2;
        if (range && prefix) {
            throw new CommandFailure("`range_end` and `--prefix` are mutually exclusive", CommandFailure.BAD_ARGUMENTS);
        }
        KeyArguments meant = KeyArguments.of(keys.getFirst(), range ? keys.get(1) : "", prefix, false);
        return WatchCreateRequest.newBuilder()
                .setKey(meant.key())
                .setRangeEnd(meant.end())
                .setStartRevision(revision)
                .setPrevKv(prevKv)
                .setProgressNotify(progressNotify)
                .build();
    }
}
