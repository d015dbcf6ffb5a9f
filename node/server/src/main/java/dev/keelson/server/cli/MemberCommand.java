package dev.keelson.server.cli;

import dev.keelson.api.etcd.Member;
import dev.keelson.api.etcd.MemberListRequest;
import dev.keelson.api.etcd.MemberListResponse;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

@Command(name = "member", description = "Membership related commands", mixinStandardHelpOptions = true)
final class MemberCommand {

    @ParentCommand
    @SuppressWarnings("NullAway.Init") // picocli sets it
    ClientCommand client;

    @Command(name = "list", description = "Lists all members in the cluster", mixinStandardHelpOptions = true)
    int list() {
        Connection connection = client.connection;
        MemberListRequest request =
                MemberListRequest.newBuilder().setLinearizable(true).build();
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
}
