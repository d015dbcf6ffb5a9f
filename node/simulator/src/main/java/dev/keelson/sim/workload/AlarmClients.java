package dev.keelson.sim.workload;

import dev.keelson.engine.Reply;
import dev.keelson.engine.apply.Command;
import dev.keelson.engine.apply.Command.Alarm.Action;
import dev.keelson.engine.maintenance.AlarmType;
import dev.keelson.engine.maintenance.RaisedAlarm;
import dev.keelson.mvcc.StoreException;
import dev.keelson.sim.check.Operation;
import dev.keelson.sim.check.Outcome;
import dev.keelson.sim.check.Request;
import dev.keelson.sim.cluster.SimCluster;
import dev.keelson.sim.cluster.SimMember;
import dev.keelson.sim.world.Goals.Goal;
import dev.keelson.sim.world.World;
import dev.keelson.sim.world.World.Stream;
import java.util.List;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Somebody who raises the alarm about space now and then, or lets a disk run short so that its member does, and clears all
 * alarms again a while later.
 *
 * <p>While he knows that the alarm stands, no request that takes space may be answered; and an alarm about data that differ
 * is always a false one here.
 *
 * <p>Thread rule: one thread.
 */
public final class AlarmClients {

    private static final long GIVE_UP_MICROS = 8 * World.MICROS_PER_SECOND;
    private static final long REST_MICROS_MAX = 15 * World.MICROS_PER_SECOND;
    private static final long LOOK_MICROS = World.MICROS_PER_SECOND / 2;
    private static final long LINK_MICROS_MAX = 2_000;
    private static final int LOOKS_BEFORE_CLEARING = 8;
    private static final long NOT_STANDING = Long.MAX_VALUE;

    private final World world;
    private final SimCluster cluster;
    private final RandomGenerator random;
    private boolean stopped;
    private long standsSince = NOT_STANDING;
    private @Nullable SimMember shortOfDisk;

    public AlarmClients(World world, SimCluster cluster) {
        this.world = world;
        this.cluster = cluster;
        this.random = world.random(Stream.ALARMS);
    }

    /** Begins, in some of the worlds. */
    public void start(boolean active) {
        if (active) {
            world.after(1 + random.nextLong(REST_MICROS_MAX), 0, this::act);
        }
    }

    /** Raises nothing any more; what is raised is cleared as soon as somebody serves. */
    public void stop() {
        stopped = true;
    }

    private void act() {
        SimMember member = serving();
        if (stopped || member == null) {
            world.after(LOOK_MICROS, 0, this::clear);
        } else if (random.nextBoolean()) {
            shortOfDisk = member;
            member.request(engine -> engine.maintenance().diskIsShort(true));
            look(LOOKS_BEFORE_CLEARING);
        } else {
            ask(member, Action.RAISE, member.id(), _ -> look(LOOKS_BEFORE_CLEARING));
        }
    }

    private @Nullable SimMember serving() {
        List<SimMember> all =
                cluster.members().stream().filter(SimMember::isServing).toList();
        return all.isEmpty() ? null : all.get(random.nextInt(all.size()));
    }

    /** Looks for the alarm a few times, and clears it then. */
    private void look(int looks) {
        SimMember member = serving();
        if (looks == 0 || stopped || member == null) {
            clear();
            return;
        }
        ask(member, Action.LIST, 0, alarms -> {
            if (alarms != null && !alarms.isEmpty() && standsSince == NOT_STANDING) {
                standsSince = world.nowMicros();
                cluster.goals().reach(Goal.ALARM_RAISED);
            }
            world.after(LOOK_MICROS, 0, () -> look(looks - 1));
        });
    }

    /** Clears what there is until there is nothing; an alarm whose answer was lost may still come. */
    private void clear() {
        standsSince = NOT_STANDING;
        if (shortOfDisk != null) {
            shortOfDisk.request(engine -> engine.maintenance().diskIsShort(false));
            shortOfDisk = null;
        }
        SimMember member = serving();
        if (member == null) {
            world.after(LOOK_MICROS, 0, this::clear);
            return;
        }
        ask(member, Action.LIST, 0, alarms -> {
            if (alarms == null || !alarms.isEmpty()) {
                List<RaisedAlarm> found = alarms == null ? List.of() : alarms;
                found.forEach(alarm -> ask(member, Action.CLEAR, alarm.memberId(), _ -> {}));
                world.after(LOOK_MICROS, 0, this::clear);
            } else {
                world.after(stopped ? LOOK_MICROS : 1 + random.nextLong(REST_MICROS_MAX), 0, this::act);
            }
        });
    }

    /** @param done told what was answered, null when nothing was */
    private void ask(SimMember member, Action action, long about, Consumer<@Nullable List<RaisedAlarm>> done) {
        var once = new Once(done);
        AlarmType type = action == Action.LIST ? AlarmType.NONE : AlarmType.NOSPACE;
        member.request(engine -> engine.maintenance().alarm(new Command.Alarm(action, type, about), new Reply<>() {
            @Override
            public void succeed(List<RaisedAlarm> alarms) {
                world.after(1 + random.nextLong(LINK_MICROS_MAX), 0, () -> once.end(alarms));
            }

            @Override
            public void fail(StoreException error) {
                world.after(1 + random.nextLong(LINK_MICROS_MAX), 0, () -> once.end(null));
            }
        }));
        world.after(GIVE_UP_MICROS, 0, () -> once.end(null));
    }

    private static final class Once {
        private final Consumer<@Nullable List<RaisedAlarm>> done;
        private boolean over;

        Once(Consumer<@Nullable List<RaisedAlarm>> done) {
            this.done = done;
        }

        void end(@Nullable List<RaisedAlarm> alarms) {
            if (over) {
                return;
            }
            over = true;
            if (alarms != null) {
                for (RaisedAlarm alarm : alarms) {
                    if (alarm.type() == AlarmType.CORRUPT) {
                        throw new AssertionError("a false alarm: " + alarm.text());
                    }
                }
            }
            done.accept(alarms);
        }
    }

    /** An operation has just ended; throws when the alarm should have kept it out. */
    public void check(Operation operation) {
        if (operation.outcome() instanceof Outcome.Answered
                && operation.invoked() >= standsSince
                && takesSpace(operation.request())) {
            throw new AssertionError("answered under an alarm that stands since " + standsSince + ": " + operation);
        }
    }

    private static boolean takesSpace(Request request) {
        return switch (request) {
            case Request.Put _ -> true;
            case Request.Txn(var _, var success, var failure) ->
                success.stream().anyMatch(AlarmClients::takesSpace)
                        || failure.stream().anyMatch(AlarmClients::takesSpace);
            case Request.Range _, Request.DeleteRange _, Request.Compact _ -> false;
        };
    }
}
