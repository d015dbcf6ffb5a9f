package dev.keelson.server.cli;

import com.google.protobuf.Message;
import dev.keelson.api.etcd.Member;
import dev.keelson.api.etcd.MemberAddRequest;
import dev.keelson.api.etcd.MemberAddResponse;
import dev.keelson.api.etcd.MemberListRequest;
import dev.keelson.api.etcd.MemberListResponse;
import dev.keelson.api.etcd.MemberPromoteRequest;
import dev.keelson.api.etcd.MemberPromoteResponse;
import dev.keelson.api.etcd.MemberRemoveRequest;
import dev.keelson.api.etcd.MemberRemoveResponse;
import dev.keelson.api.etcd.MemberUpdateRequest;
import dev.keelson.api.etcd.MemberUpdateResponse;
import dev.keelson.api.etcd.ResponseHeader;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

@Command(name = "member", description = "Membership related commands", mixinStandardHelpOptions = true)
final class MemberCommand {

    private static final String ID = "<memberID>";

    @ParentCommand
    @SuppressWarnings("NullAway.Init") // picocli sets it
    ClientCommand client;

    @Command(name = "list", description = "Lists all members in the cluster", mixinStandardHelpOptions = true)
    int list(
            @Option(
                            names = "--consistency",
                            defaultValue = "l",
                            description = "Linearizable(l) or Serializable(s) (default: ${DEFAULT-VALUE})")
                    String consistency) {
        Connection connection = client.connection;
        MemberListRequest request = MemberListRequest.newBuilder()
                .setLinearizable(!consistency.equals("s"))
                .build();
        MemberListResponse answer = connection.ask(member -> member.cluster().memberList(request));
        switch (connection.format) {
            case json -> System.out.println(ProtoJson.of(answer));
            case simple ->
                answer.getMembersList().forEach(member -> System.out.println(String.join(", ", columns(member))));
            case table -> {
                var table = new Table(List.of("ID", "STATUS", "NAME", "PEER ADDRS", "CLIENT ADDRS", "IS LEARNER"));
                answer.getMembersList().forEach(member -> table.add(columns(member)));
                table.lines().forEach(System.out::println);
            }
        }
        return 0;
    }

    private static List<String> columns(Member member) {
        return List.of(
                Long.toHexString(member.getID()),
                member.getName().isEmpty() ? "unstarted" : "started",
                member.getName(),
                String.join(",", member.getPeerURLsList()),
                String.join(",", member.getClientURLsList()),
                String.valueOf(member.getIsLearner()));
    }

    @Command(name = "add", description = "Adds a member into the cluster", mixinStandardHelpOptions = true)
    int add(
            @Parameters(paramLabel = "<memberName>", arity = "0..*") List<String> names,
            @Option(
                            names = "--peer-urls",
                            defaultValue = "",
                            description = "comma separated peer URLs for the new member.")
                    String peerUrls,
            @Option(names = "--learner", description = "indicates if the new member is raft learner") boolean learner) {
        if (names == null || names.isEmpty()) {
            throw wrong("member name not provided");
        }
        if (names.size() > 1) {
            throw wrong("too many arguments" + hint(names));
        }
        MemberAddRequest request = MemberAddRequest.newBuilder()
                .addAllPeerURLs(urls(peerUrls))
                .setIsLearner(learner)
                .build();
        client.connection.refuseTable();
        MemberAddResponse answer =
                client.connection.ask(member -> member.cluster().memberAdd(request));
        long id = answer.getMember().getID();
        print(answer, answer.getHeader(), id, "added" + (learner ? " as learner" : "") + " to");
        if (!client.connection.isJson()) {
            printSettings(answer, names.getFirst(), peerUrls);
        }
        return 0;
    }

    private static String hint(List<String> words) {
        var hint = new StringBuilder();
        words.stream()
                .filter(word -> word.regionMatches(true, 0, "http", 0, "http".length()))
                .forEach(word -> hint.append(", did you mean --peer-urls=").append(word));
        return hint.toString();
    }

    /** What the new member is to be started with. */
    private static void printSettings(MemberAddResponse answer, String name, String peerUrls) {
        var pairs = new ArrayList<String>();
        for (Member member : answer.getMembersList()) {
            String shown = member.getID() == answer.getMember().getID() ? name : member.getName();
            member.getPeerURLsList().forEach(url -> pairs.add(shown + "=" + url));
        }
        System.out.println();
        System.out.println("ETCD_NAME=\"" + name + "\"");
        System.out.println("ETCD_INITIAL_CLUSTER=\"" + String.join(",", pairs) + "\"");
        System.out.println("ETCD_INITIAL_ADVERTISE_PEER_URLS=\"" + peerUrls + "\"");
        System.out.println("ETCD_INITIAL_CLUSTER_STATE=\"existing\"");
    }

    @Command(name = "remove", description = "Removes a member from the cluster", mixinStandardHelpOptions = true)
    int remove(@Parameters(paramLabel = ID, arity = "0..*") List<String> words) {
        long id = id(words);
        client.connection.refuseTable();
        MemberRemoveResponse answer = client.connection.ask(member -> member.cluster()
                .memberRemove(MemberRemoveRequest.newBuilder().setID(id).build()));
        return print(answer, answer.getHeader(), id, "removed from");
    }

    @Command(name = "update", description = "Updates a member in the cluster", mixinStandardHelpOptions = true)
    int update(
            @Parameters(paramLabel = ID, arity = "0..*") List<String> words,
            @Option(
                            names = "--peer-urls",
                            defaultValue = "",
                            description = "comma separated peer URLs for the updated member.")
                    String peerUrls) {
        long id = id(words);
        MemberUpdateRequest request = MemberUpdateRequest.newBuilder()
                .setID(id)
                .addAllPeerURLs(urls(peerUrls))
                .build();
        client.connection.refuseTable();
        MemberUpdateResponse answer =
                client.connection.ask(member -> member.cluster().memberUpdate(request));
        return print(answer, answer.getHeader(), id, "updated in");
    }

    @Command(
            name = "promote",
            description = "Promotes a non-voting member in the cluster",
            mixinStandardHelpOptions = true)
    int promote(@Parameters(paramLabel = ID, arity = "0..*") List<String> words) {
        long id = id(words);
        client.connection.refuseTable();
        MemberPromoteResponse answer = client.connection.ask(member -> member.cluster()
                .memberPromote(MemberPromoteRequest.newBuilder().setID(id).build()));
        return print(answer, answer.getHeader(), id, "promoted in");
    }

    private int print(Message answer, ResponseHeader header, long id, String what) {
        if (client.connection.isJson()) {
            System.out.println(ProtoJson.of(answer));
        } else {
            System.out.printf(
                    "Member %16s %s cluster %16s%n",
                    Long.toHexString(id), what, Long.toHexString(header.getClusterId()));
        }
        return 0;
    }

    private static long id(List<String> words) {
        if (words == null || words.size() != 1) {
            throw wrong("member ID is not provided");
        }
        return id(words.getFirst());
    }

    private static long id(String word) {
        try {
            return Long.parseUnsignedLong(word, 16);
        } catch (NumberFormatException notHexadecimal) {
            throw wrong("bad member ID arg (strconv.ParseUint: parsing \"" + word
                    + "\": invalid syntax), expecting ID in Hex");
        }
    }

    private static List<String> urls(String given) {
        if (given.isEmpty()) {
            throw wrong("member peer urls not provided");
        }
        return Arrays.asList(given.split(",", -1));
    }

    private static CommandFailure wrong(String what) {
        return new CommandFailure(what, CommandFailure.BAD_ARGUMENTS);
    }
}
