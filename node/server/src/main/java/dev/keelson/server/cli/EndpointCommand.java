package dev.keelson.server.cli;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import dev.keelson.api.etcd.HashKVRequest;
import dev.keelson.api.etcd.HashKVResponse;
import dev.keelson.api.etcd.RangeRequest;
import dev.keelson.api.etcd.StatusRequest;
import dev.keelson.api.etcd.StatusResponse;
import io.grpc.StatusRuntimeException;
import java.util.List;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(name = "endpoint", description = "Endpoint related commands", mixinStandardHelpOptions = true)
final class EndpointCommand {

    private static final List<String> STATUS_HEADING = List.of(
            "ENDPOINT",
            "ID",
            "VERSION",
            "DB SIZE",
            "IN USE",
            "IS LEADER",
            "IS LEARNER",
            "RAFT TERM",
            "RAFT INDEX",
            "RAFT APPLIED INDEX",
            "ERRORS");

    @Command(name = "status", description = "Prints out the status of endpoints", mixinStandardHelpOptions = true)
    int status(@Mixin Connection connection) {
        return forEach(
                connection,
                STATUS_HEADING,
                member -> member.maintenance().status(StatusRequest.getDefaultInstance()),
                EndpointCommand::columns);
    }

    @Command(
            name = "hashkv",
            description = "Prints the KV history hash for each endpoint",
            mixinStandardHelpOptions = true)
    int hashkv(
            @Mixin Connection connection,
            @Option(names = "--rev", description = "maximum revision to hash (default: latest)") long revision) {
        HashKVRequest request = HashKVRequest.newBuilder().setRevision(revision).build();
        return forEach(
                connection,
                List.of("ENDPOINT", "HASH", "HASH REVISION"),
                member -> member.maintenance().hashKV(request),
                (HashKVResponse answer) ->
                        List.of(Integer.toUnsignedString(answer.getHash()), String.valueOf(answer.getHashRevision())));
    }

    @Command(name = "health", description = "Checks the healthiness of endpoints", mixinStandardHelpOptions = true)
    int health(@Mixin Connection connection) {
        RangeRequest probe = RangeRequest.newBuilder()
                .setKey(ByteString.copyFromUtf8("health"))
                .build();
        int failures = 0;
        for (String address : connection.addresses()) {
            long begin = System.nanoTime();
            try {
                connection.ask(address, member -> member.kv().range(probe));
                long micros = (System.nanoTime() - begin) / 1_000;
                System.out.println(address + " is healthy: successfully committed proposal: took = " + micros + "µs");
            } catch (StatusRuntimeException failure) {
                failures++;
                System.err.println(address + " is unhealthy: failed to commit proposal: "
                        + failure.getStatus().getDescription());
            }
        }
        return failures == 0 ? 0 : 1;
    }

    private static <T extends Message> int forEach(
            Connection connection,
            List<String> heading,
            Function<Connection.Member, T> question,
            Function<T, List<String>> columns) {
        var table = new Table(heading);
        int failures = 0;
        for (String address : connection.addresses()) {
            try {
                T answer = connection.ask(address, question);
                var row = new java.util.ArrayList<>(List.of(address));
                row.addAll(columns.apply(answer));
                switch (connection.format) {
                    case json ->
                        System.out.println(
                                "[{\"Endpoint\":\"" + address + "\",\"Status\":" + ProtoJson.of(answer) + "}]");
                    case simple -> System.out.println(String.join(", ", row));
                    case table -> table.add(row);
                }
            } catch (StatusRuntimeException failure) {
                failures++;
                System.err.println("Failed to get the status of endpoint " + address + " ("
                        + failure.getStatus().getDescription() + ")");
            }
        }
        if (connection.format == Connection.Format.table) {
            table.lines().forEach(System.out::println);
        }
        return failures == 0 ? 0 : 1;
    }

    private static List<String> columns(StatusResponse status) {
        return List.of(
                Long.toHexString(status.getHeader().getMemberId()),
                status.getVersion(),
                size(status.getDbSize()),
                size(status.getDbSizeInUse()),
                String.valueOf(status.getLeader() == status.getHeader().getMemberId()),
                String.valueOf(status.getIsLearner()),
                String.valueOf(status.getRaftTerm()),
                String.valueOf(status.getRaftIndex()),
                String.valueOf(status.getRaftAppliedIndex()),
                String.join(", ", status.getErrorsList()));
    }

    private static String size(long bytes) {
        if (bytes < 1_000_000) {
            return bytes / 1_000 + " kB";
        }
        return bytes < 1_000_000_000 ? bytes / 1_000_000 + " MB" : String.format("%.1f GB", bytes / 1e9);
    }
}
