package dev.keelson.engine.maintenance;

import dev.keelson.engine.apply.Command;
import dev.keelson.mvcc.ReadView;
import dev.keelson.mvcc.StoreBatch;
import dev.keelson.mvcc.StoreError;
import dev.keelson.mvcc.StoreException;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;

/**
 * The alarms that are raised, one replicated row each, and what they forbid.
 *
 * <p>They are the only thing but data that a write is refused for when it is applied: what a member measures itself, the
 * size of its store or the room on its disk, decides on requests before they enter the log and never on entries, or
 * members would come to differ.
 *
 * <p>Kept in memory beside the rows; both change only when an entry is applied, so every member has the same.
 *
 * <p>Thread rule: changed on the apply worker; {@link #all} and {@link #isRaised} from any thread.
 */
public final class Alarms {

    private static final String ROWS = "alarm/";
    private static final int HEXADECIMAL = 16;
    private static final byte[] NOTHING = {};

    private volatile List<RaisedAlarm> raised;
    private volatile boolean noSpace;
    private volatile boolean corrupt;

    private Alarms(Collection<RaisedAlarm> raised) {
        this.raised = List.copyOf(raised);
        this.noSpace = has(AlarmType.NOSPACE);
        this.corrupt = has(AlarmType.CORRUPT);
    }

    /** As the store has them. */
    public static Alarms load(ReadView view) {
        var found = new TreeSet<RaisedAlarm>();
        view.metaPrefix(ROWS).keySet().forEach(name -> found.add(parse(name)));
        return new Alarms(found);
    }

    private static String row(RaisedAlarm alarm) {
        return ROWS + alarm.type() + "/" + Long.toHexString(alarm.memberId());
    }

    private static RaisedAlarm parse(String row) {
        int slash = row.lastIndexOf('/');
        return new RaisedAlarm(
                AlarmType.valueOf(row.substring(ROWS.length(), slash)),
                Long.parseUnsignedLong(row.substring(slash + 1), HEXADECIMAL));
    }

    /** Sorted by kind and member. */
    public List<RaisedAlarm> all() {
        return raised;
    }

    /** Whether any member has raised one of this kind. */
    public boolean isRaised(AlarmType type) {
        return switch (type) {
            case NONE -> !raised.isEmpty();
            case NOSPACE -> noSpace;
            case CORRUPT -> corrupt;
        };
    }

    public boolean isRaised(RaisedAlarm alarm) {
        return raised.contains(alarm);
    }

    private boolean has(AlarmType type) {
        return raised.stream().anyMatch(alarm -> alarm.type() == type);
    }

    /** Carries out a committed request; returns the alarms asked for, the one raised, or the one cleared. */
    public List<RaisedAlarm> apply(StoreBatch batch, Command.Alarm request) {
        var alarm = new RaisedAlarm(request.type(), request.memberId());
        return switch (request.action()) {
            case LIST ->
                raised.stream()
                        .filter(each -> request.type() == AlarmType.NONE || each.type() == request.type())
                        .toList();
            case RAISE -> request.type() == AlarmType.NONE ? List.of() : raise(batch, alarm);
            case CLEAR -> isRaised(alarm) ? clear(batch, alarm) : List.of();
        };
    }

    private List<RaisedAlarm> raise(StoreBatch batch, RaisedAlarm alarm) {
        if (!isRaised(alarm)) {
            batch.putMeta(row(alarm), NOTHING);
            var more = new TreeSet<>(raised);
            more.add(alarm);
            replace(more);
        }
        return List.of(alarm);
    }

    private List<RaisedAlarm> clear(StoreBatch batch, RaisedAlarm alarm) {
        erase(batch, alarm);
        var fewer = new TreeSet<>(raised);
        fewer.remove(alarm);
        replace(fewer);
        return List.of(alarm);
    }

    private static void erase(StoreBatch batch, RaisedAlarm alarm) {
        batch.deleteMeta(row(alarm));
    }

    private void replace(Collection<RaisedAlarm> alarms) {
        raised = List.copyOf(alarms);
        noSpace = has(AlarmType.NOSPACE);
        corrupt = has(AlarmType.CORRUPT);
    }

    /** @throws StoreException when an alarm that is raised forbids the command */
    public void check(Command command) {
        if (corrupt && touchesData(command)) {
            throw new StoreException(StoreError.CORRUPT);
        }
        if (noSpace && RequestCost.of(command) > 0) {
            throw new StoreException(StoreError.NO_SPACE);
        }
    }

    /** Whether it would change, or answer from, data that one of the members may have otherwise. */
    private static boolean touchesData(Command command) {
        return switch (command) {
            case Command.Write _, Command.Compact _ -> true;
            case Command.LeaseGrant _, Command.LeaseRevoke _, Command.LeaseExpire _ -> true;
            case Command.LeaseCheckpoint _, Command.Publish _, Command.SetClusterVersion _ -> false;
            case Command.Alarm _, Command.SetDowngrade _, Command.ChangeAuth _ -> false;
        };
    }
}
