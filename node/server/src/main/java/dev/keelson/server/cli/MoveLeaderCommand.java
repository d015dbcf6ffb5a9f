package dev.keelson.server.cli;

import dev.keelson.api.etcd.MoveLeaderRequest;
import dev.keelson.api.etcd.MoveLeaderResponse;
import dev.keelson.api.etcd.StatusRequest;
import dev.keelson.api.etcd.StatusResponse;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

@Command(
        name = "move-leader",
        description = "Transfers leadership to another member of the cluster.",
        mixinStandardHelpOptions = true)
final class MoveLeaderCommand implements Callable<Integer> {

    @ParentCommand
    @SuppressWarnings("NullAway.Init") // picocli sets it
    ClientCommand client;

    @Parameters(paramLabel = "<transferee-member-id>", arity = "0..*")
    List<String> words = List.of();

    @Override
    public Integer call() {
        if (words.size() != 1) {
            throw new CommandFailure("move-leader command needs 1 argument", CommandFailure.BAD_ARGUMENTS);
        }
        long target = target(words.getFirst());
        client.connection.refuseTable();
        for (String address : client.connection.addresses()) {
            StatusResponse status = client.connection.ask(
                    address, member -> member.maintenance().status(StatusRequest.getDefaultInstance()));
            if (status.getHeader().getMemberId() == status.getLeader()) {
                return move(address, status.getLeader(), target);
            }
        }
        throw new CommandFailure(
                "no leader endpoint given at " + client.connection.addresses(), CommandFailure.BAD_ARGUMENTS);
    }

    private int move(String leaderAddress, long leader, long target) {
        MoveLeaderRequest request =
                MoveLeaderRequest.newBuilder().setTargetID(target).build();
        MoveLeaderResponse answer = client.connection.ask(
                leaderAddress, member -> member.maintenance().moveLeader(request));
        System.out.println(
                client.connection.isJson()
                        ? ProtoJson.of(answer)
                        : "Leadership transferred from " + Long.toHexString(leader) + " to "
                                + Long.toHexString(target));
        return 0;
    }

    private static long target(String word) {
        try {
            return Long.parseUnsignedLong(word, 16);
        } catch (NumberFormatException notHexadecimal) {
            throw new CommandFailure(
                    "strconv.ParseUint: parsing \"" + word + "\": invalid syntax", CommandFailure.BAD_ARGUMENTS);
        }
    }
}
