package dev.keelson.server.grpc;

import dev.keelson.api.etcd.AlarmMember;
import dev.keelson.api.etcd.AlarmRequest;
import dev.keelson.engine.apply.Command;
import dev.keelson.engine.maintenance.AlarmType;
import dev.keelson.engine.maintenance.RaisedAlarm;
import java.util.List;
import java.util.Optional;

/** Turns requests about alarms into commands, and alarms into what clients get. */
final class AlarmTranslation {

    private AlarmTranslation() {}

    /** Empty for an action or a kind of alarm that this version does not know. */
    static Optional<Command.Alarm> request(AlarmRequest sent) {
        return switch (sent.getAction()) {
            case GET -> of(Command.Alarm.Action.LIST, sent);
            case ACTIVATE -> of(Command.Alarm.Action.RAISE, sent);
            case DEACTIVATE -> of(Command.Alarm.Action.CLEAR, sent);
            case UNRECOGNIZED -> Optional.empty();
        };
    }

    private static Optional<Command.Alarm> of(Command.Alarm.Action action, AlarmRequest sent) {
        return switch (sent.getAlarm()) {
            case NONE -> Optional.of(new Command.Alarm(action, AlarmType.NONE, sent.getMemberID()));
            case NOSPACE -> Optional.of(new Command.Alarm(action, AlarmType.NOSPACE, sent.getMemberID()));
            case CORRUPT -> Optional.of(new Command.Alarm(action, AlarmType.CORRUPT, sent.getMemberID()));
            case UNRECOGNIZED -> Optional.empty();
        };
    }

    static List<AlarmMember> reply(List<RaisedAlarm> alarms) {
        return alarms.stream()
                .map(alarm -> AlarmMember.newBuilder()
                        .setMemberID(alarm.memberId())
                        .setAlarm(type(alarm.type()))
                        .build())
                .toList();
    }

    private static dev.keelson.api.etcd.AlarmType type(AlarmType type) {
        return switch (type) {
            case NONE -> dev.keelson.api.etcd.AlarmType.NONE;
            case NOSPACE -> dev.keelson.api.etcd.AlarmType.NOSPACE;
            case CORRUPT -> dev.keelson.api.etcd.AlarmType.CORRUPT;
        };
    }
}
