package dev.keelson.server.cli;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import dev.keelson.api.etcd.HashKVRequest;
import dev.keelson.api.etcd.HashKVResponse;
import dev.keelson.api.etcd.RangeRequest;
import dev.keelson.api.etcd.StatusRequest;
import dev.keelson.api.etcd.StatusResponse;
import io.grpc.StatusRuntimeException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

@Command(name = "endpoint", description = "Endpoint related commands", mixinStandardHelpOptions = true)
final class EndpointCommand {

    @ParentCommand
    @SuppressWarnings("NullAway.Init") // picocli sets it
    ClientCommand client;

    /**
     * A question to every endpoint.
     *
     * @param what the thing asked for, as a failure names it
     * @param field its name in JSON
     * @param heading of the columns, without the endpoint's own
     */
    private record Question<T extends Message>(
            String what,
            String field,
            List<String> heading,
            Function<Connection.Member, T> ask,
            Function<T, List<String>> columns) {}

    @Command(name = "status", description = "Prints out the status of endpoints", mixinStandardHelpOptions = true)
    int status() {
        return forEach(new Question<>(
                "status",
                "Status",
                List.of(
                        "ID",
                        "VERSION",
                        "STORAGE VERSION",
                        "DB SIZE",
                        "IN USE",
                        "PERCENTAGE NOT IN USE",
                        "QUOTA",
                        "IS LEADER",
                        "IS LEARNER",
                        "RAFT TERM",
                        "RAFT INDEX",
                        "RAFT APPLIED INDEX",
                        "ERRORS",
                        "DOWNGRADE TARGET VERSION",
                        "DOWNGRADE ENABLED"),
                member -> member.maintenance().status(StatusRequest.getDefaultInstance()),
                EndpointCommand::columns));
    }

    @Command(
            name = "hashkv",
            description = "Prints the KV history hash for each endpoint",
            mixinStandardHelpOptions = true)
    int hashkv(@Option(names = "--rev", description = "maximum revision to hash (default: latest)") long revision) {
        HashKVRequest request = HashKVRequest.newBuilder().setRevision(revision).build();
        return forEach(new Question<>(
                "hash",
                "HashKV",
                List.of("HASH", "HASH REVISION"),
                member -> member.maintenance().hashKV(request),
                (HashKVResponse answer) ->
                        List.of(Integer.toUnsignedString(answer.getHash()), String.valueOf(answer.getHashRevision()))));
    }

    private <T extends Message> int forEach(Question<T> question) {
        Connection connection = client.connection;
        var heading = new ArrayList<>(List.of("ENDPOINT"));
        heading.addAll(question.heading());
        var table = new Table(heading);
        var objects = new ArrayList<String>();
        int failures = 0;
        for (String address : connection.addresses()) {
            try {
                T answer = connection.ask(address, question.ask());
                var row = new ArrayList<>(List.of(address));
                row.addAll(question.columns().apply(answer));
                switch (connection.format) {
                    case json ->
                        objects.add("{\"Endpoint\":\"" + address + "\",\"" + question.field() + "\":"
                                + ProtoJson.of(answer) + "}");
                    case simple -> System.out.println(String.join(", ", row));
                    case table -> table.add(row);
                }
            } catch (StatusRuntimeException failure) {
                failures++;
                System.err.println("Failed to get the " + question.what() + " of endpoint " + address + " ("
                        + Connection.reason(failure) + ")");
            }
        }
        printAll(objects, table);
        return failures == 0 ? 0 : CommandFailure.ERROR;
    }

    private void printAll(List<String> objects, Table table) {
        switch (client.connection.format) {
            case json -> System.out.println("[" + String.join(",", objects) + "]");
            case table -> table.lines().forEach(System.out::println);
            case simple -> {}
        }
    }

    private static List<String> columns(StatusResponse status) {
        long freePercent = status.getDbSize() == 0 ? 0 : 100 - status.getDbSizeInUse() * 100 / status.getDbSize();
        return List.of(
                Long.toHexString(status.getHeader().getMemberId()),
                status.getVersion(),
                status.getStorageVersion(),
                GoText.size(status.getDbSize()),
                GoText.size(status.getDbSizeInUse()),
                freePercent + "%",
                GoText.size(status.getDbSizeQuota()),
                String.valueOf(status.getLeader() == status.getHeader().getMemberId()),
                String.valueOf(status.getIsLearner()),
                Long.toUnsignedString(status.getRaftTerm()),
                Long.toUnsignedString(status.getRaftIndex()),
                Long.toUnsignedString(status.getRaftAppliedIndex()),
                String.join(", ", status.getErrorsList()),
                status.getDowngradeInfo().getTargetVersion(),
                String.valueOf(status.getDowngradeInfo().getEnabled()));
    }

    @Command(name = "health", description = "Checks the healthiness of endpoints", mixinStandardHelpOptions = true)
    int health() {
        RangeRequest probe = RangeRequest.newBuilder()
                .setKey(ByteString.copyFromUtf8("health"))
                .build();
        var table = new Table(List.of("ENDPOINT", "HEALTH", "TOOK", "ERROR"));
        var objects = new ArrayList<String>();
        int failures = 0;
        for (String address : client.connection.addresses()) {
            long begin = System.nanoTime();
            String error = "";
            try {
                client.connection.ask(address, member -> member.kv().range(probe));
            } catch (StatusRuntimeException failure) {
                failures++;
                error = Connection.reason(failure);
            }
            String took = GoText.duration(System.nanoTime() - begin);
            switch (client.connection.format) {
                case json -> objects.add(healthObject(address, took, error));
                case table -> table.add(List.of(address, String.valueOf(error.isEmpty()), took, error));
                case simple -> printHealth(address, took, error);
            }
        }
        printAll(objects, table);
        if (failures > 0) {
            throw new CommandFailure("unhealthy cluster", CommandFailure.ERROR);
        }
        return 0;
    }

    private static String healthObject(String address, String took, String error) {
        return "{\"endpoint\":\"" + address + "\",\"health\":" + error.isEmpty() + ",\"took\":\"" + took + "\""
                + (error.isEmpty() ? "" : ",\"error\":\"" + error.replace("\"", "\\\"") + "\"") + "}";
    }

    private static void printHealth(String address, String took, String error) {
        if (error.isEmpty()) {
            System.out.println(address + " is healthy: successfully committed proposal: took = " + took);
        } else {
            System.err.println(address + " is unhealthy: failed to commit proposal: " + error);
        }
    }
}
