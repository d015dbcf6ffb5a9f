package dev.keelson.server.cli;

import dev.keelson.api.etcd.AlarmMember;
import dev.keelson.api.etcd.AlarmRequest;
import dev.keelson.api.etcd.AlarmRequest.AlarmAction;
import dev.keelson.api.etcd.AlarmResponse;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

@Command(name = "alarm", description = "Alarm related commands", mixinStandardHelpOptions = true)
final class AlarmCommand {

    @ParentCommand
    @SuppressWarnings("NullAway.Init") // picocli sets it
    ClientCommand client;

    @Command(name = "list", description = "Lists all alarms", mixinStandardHelpOptions = true)
    int list() {
        client.connection.refuseTable();
        return print(listed());
    }

    /** Clears every alarm that is raised, one after another, and prints those it cleared. */
    @Command(name = "disarm", description = "Disarms all alarms", mixinStandardHelpOptions = true)
    int disarm() {
        client.connection.refuseTable();
        AlarmResponse listed = listed();
        var cleared = AlarmResponse.newBuilder().setHeader(listed.getHeader());
        for (AlarmMember alarm : listed.getAlarmsList()) {
            AlarmResponse answer = ask(AlarmRequest.newBuilder()
                    .setAction(AlarmAction.DEACTIVATE)
                    .setMemberID(alarm.getMemberID())
                    .setAlarm(alarm.getAlarm())
                    .build());
            cleared.setHeader(answer.getHeader()).addAllAlarms(answer.getAlarmsList());
        }
        return print(cleared.build());
    }

    private AlarmResponse listed() {
        return ask(AlarmRequest.newBuilder().setAction(AlarmAction.GET).build());
    }

    private AlarmResponse ask(AlarmRequest request) {
        return client.connection.ask(member -> member.maintenance().alarm(request));
    }

    private int print(AlarmResponse answer) {
        if (client.connection.isJson()) {
            System.out.println(ProtoJson.of(answer));
        } else {
            lines(answer).forEach(System.out::println);
        }
        return 0;
    }

    private static List<String> lines(AlarmResponse answer) {
        return answer.getAlarmsList().stream()
                .map(alarm ->
                        (alarm.getMemberID() == 0 ? "" : "memberID:" + Long.toUnsignedString(alarm.getMemberID()) + " ")
                                + "alarm:" + alarm.getAlarm())
                .toList();
    }
}
