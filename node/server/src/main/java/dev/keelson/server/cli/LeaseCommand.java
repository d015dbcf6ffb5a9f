package dev.keelson.server.cli;

import com.google.protobuf.Message;
import dev.keelson.api.etcd.LeaseGrantRequest;
import dev.keelson.api.etcd.LeaseGrantResponse;
import dev.keelson.api.etcd.LeaseKeepAliveResponse;
import dev.keelson.api.etcd.LeaseLeasesRequest;
import dev.keelson.api.etcd.LeaseLeasesResponse;
import dev.keelson.api.etcd.LeaseRevokeRequest;
import dev.keelson.api.etcd.LeaseTimeToLiveRequest;
import dev.keelson.api.etcd.LeaseTimeToLiveResponse;
import io.grpc.StatusRuntimeException;
import java.util.List;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

@Command(name = "lease", description = "Lease related commands", mixinStandardHelpOptions = true)
final class LeaseCommand {

    private static final String LEASE_MISSING = "command needs lease ID as argument";

    @ParentCommand
    @SuppressWarnings("NullAway.Init") // picocli sets it
    ClientCommand client;

    @Command(name = "grant", description = "Creates leases", mixinStandardHelpOptions = true)
    int grant(@Parameters(paramLabel = "<ttl>", arity = "0..*") List<String> words) {
        String word = only(words, "lease grant command needs TTL argument");
        client.connection.refuseTable();
        long seconds;
        try {
            seconds = GoNumber.parse(word, GoNumber.DECIMAL);
        } catch (NumberFormatException wrong) {
            throw new CommandFailure("bad TTL (" + wrong.getMessage() + ")", CommandFailure.BAD_ARGUMENTS);
        }
        LeaseGrantRequest request =
                LeaseGrantRequest.newBuilder().setTTL(seconds).build();
        LeaseGrantResponse answer =
                ask(member -> member.lease().leaseGrant(request), CommandFailure.ERROR, "failed to grant lease (%s)");
        print(answer, LeaseForm::text, LeaseForm::json);
        return 0;
    }

    @Command(name = "revoke", description = "Revokes leases", mixinStandardHelpOptions = true)
    int revoke(@Parameters(paramLabel = "<leaseID>", arity = "0..*") List<String> words) {
        long lease = id(only(words, "lease revoke command needs 1 argument"));
        client.connection.refuseTable();
        LeaseRevokeRequest request =
                LeaseRevokeRequest.newBuilder().setID(lease).build();
        print(
                ask(member -> member.lease().leaseRevoke(request), CommandFailure.ERROR, "failed to revoke lease (%s)"),
                _ -> "lease " + GoNumber.id(lease) + " revoked",
                ProtoJson::of);
        return 0;
    }

    @Command(name = "timetolive", description = "Get lease information", mixinStandardHelpOptions = true)
    int timeToLive(
            @Parameters(paramLabel = "<leaseID>", arity = "0..*") List<String> words,
            @Option(names = "--keys", description = "Get keys attached to this lease") boolean keys) {
        long lease = id(only(words, "lease timetolive " + LEASE_MISSING));
        client.connection.refuseTable();
        LeaseTimeToLiveRequest request =
                LeaseTimeToLiveRequest.newBuilder().setID(lease).setKeys(keys).build();
        LeaseTimeToLiveResponse answer =
                ask(member -> member.lease().leaseTimeToLive(request), CommandFailure.BAD_CONNECTION, "%s");
        print(answer, given -> LeaseForm.text(given, keys), LeaseForm::json);
        return 0;
    }

    @Command(name = "list", description = "List all active leases", mixinStandardHelpOptions = true)
    int list(@Parameters(hidden = true, arity = "0..*") List<String> ignored) {
        client.connection.refuseTable();
        LeaseLeasesResponse answer = ask(
                member -> member.lease().leaseLeases(LeaseLeasesRequest.getDefaultInstance()),
                CommandFailure.BAD_CONNECTION,
                "%s");
        print(answer, LeaseForm::text, LeaseForm::json);
        return 0;
    }

    @Command(name = "keep-alive", description = "Keeps leases alive (renew)", mixinStandardHelpOptions = true)
    int keepAlive(
            @Parameters(paramLabel = "<leaseID>", arity = "0..*") List<String> words,
            @Option(
                            names = "--once",
                            description = "Resets the keep-alive time to its original value and exits immediately")
                    boolean once)
            throws InterruptedException {
        long lease = id(only(words, "lease keep-alive " + LEASE_MISSING));
        client.connection.refuseTable();
        if (once) {
            LeaseKeepAliveResponse answer =
                    ask(member -> Renewal.of(member, lease), CommandFailure.BAD_CONNECTION, "%s");
            if (answer.getTTL() <= 0) {
                throw new CommandFailure("etcdserver: requested lease not found", CommandFailure.BAD_CONNECTION);
            }
            print(answer, LeaseForm::text, LeaseForm::json);
            return 0;
        }
        new LeaseKeeper(client.connection, lease, 0).run(answer -> print(answer, LeaseForm::text, LeaseForm::json));
        if (!client.connection.isJson()) {
            System.out.println("lease " + GoNumber.id(lease) + " expired or revoked.");
        }
        return 0;
    }

    private static String only(List<String> words, String complaint) {
        if (words == null || words.size() != 1) {
            throw new CommandFailure(complaint, CommandFailure.BAD_ARGUMENTS);
        }
        return words.getFirst();
    }

    private static long id(String word) {
        try {
            return GoNumber.parse(word, GoNumber.HEXADECIMAL);
        } catch (NumberFormatException wrong) {
            throw new CommandFailure(
                    "bad lease ID arg (" + wrong.getMessage() + "), expecting ID in Hex", CommandFailure.BAD_ARGUMENTS);
        }
    }

    private <T> T ask(Function<Connection.Member, T> question, int exitCode, String complaint) {
        try {
            return client.connection.ask(question);
        } catch (StatusRuntimeException failure) {
            throw new CommandFailure(complaint.formatted(Connection.reason(failure)), exitCode);
        }
    }

    private <T extends Message> void print(T answer, Function<T, String> text, Function<T, String> json) {
        System.out.println(client.connection.isJson() ? json.apply(answer) : text.apply(answer));
    }
}
