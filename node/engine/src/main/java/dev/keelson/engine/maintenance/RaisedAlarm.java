package dev.keelson.engine.maintenance;

import java.util.Comparator;

/**
 * An alarm that stands until somebody clears it.
 *
 * @param memberId whom it is about; 0 when nobody can tell, and so for all
 */
public record RaisedAlarm(AlarmType type, long memberId) implements Comparable<RaisedAlarm> {

    private static final Comparator<RaisedAlarm> ORDER =
            Comparator.comparing(RaisedAlarm::type).thenComparing(RaisedAlarm::memberId, Long::compareUnsigned);

    @Override
    public int compareTo(RaisedAlarm other) {
        return ORDER.compare(this, other);
    }

    /** As etcd's status names it. */
    public String text() {
        return (memberId == 0 ? "" : "memberID:" + Long.toUnsignedString(memberId) + " ") + "alarm:" + type;
    }
}
