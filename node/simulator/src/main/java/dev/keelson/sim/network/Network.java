package dev.keelson.sim.network;

import dev.keelson.engine.forward.Forward;
import dev.keelson.engine.forward.Question;
import dev.keelson.raft.message.Message;
import dev.keelson.sim.world.Goals;
import dev.keelson.sim.world.Goals.Goal;
import dev.keelson.sim.world.World;
import dev.keelson.sim.world.World.Stream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The links between members: every message may be lost, late, doubled, overtaken, held back, or come again much later.
 *
 * <p>A link is cut or clogged in one direction. What is on a cut link is lost; what is on a clogged one waits.
 *
 * <p>Thread rule: one thread.
 */
public final class Network {

    private static final long DELAY_MICROS_MIN = 50;
    private static final int REPLAYABLE_MAX = 64;

    private final World world;
    private final Faults faults;
    private final Goals goals;
    private final Receiver receiver;
    private final Set<Link> cut = new HashSet<>();
    private final Map<Link, List<Runnable>> clogged = new HashMap<>();
    private final ArrayDeque<Parcel> past = new ArrayDeque<>();
    private boolean calm;

    /**
     * What goes wrong of itself.
     *
     * @param loss probability that a message is lost
     * @param duplication probability that it arrives twice
     * @param replay probability that with it an old message arrives again
     * @param delayMicrosMax longest time on the way
     */
    public record Faults(double loss, double duplication, double replay, long delayMicrosMax) {}

    /** Where messages arrive. */
    public interface Receiver {

        void receive(Message message);

        void receive(Forward message);
    }

    private record Link(long from, long to) {}

    /** Something that travels, and what happens where it arrives. */
    private record Parcel(long from, long to, Runnable arrival) {}

    public Network(World world, Faults faults, Goals goals, Receiver receiver) {
        this.world = world;
        this.faults = faults;
        this.goals = goals;
        this.receiver = receiver;
    }

    public void send(Message message) {
        var parcel = new Parcel(message.from(), message.to(), () -> receiver.receive(message));
        // A write that was sent on arrives at most once, as on the stream that carries it: two copies would be two
        // writes.
        send(parcel, !(message instanceof Message.Propose));
    }

    public void send(Forward message) {
        var parcel = new Parcel(message.from(), message.to(), () -> receiver.receive(message));
        // Nor does a renewal: a copy that comes late would let a lease live on that nobody renews.
        boolean renews = message instanceof Forward.Asked asked && asked.question() instanceof Question.RenewLease;
        send(parcel, !renews);
    }

    private void send(Parcel parcel, boolean repeatable) {
        if (!calm && world.chance(Stream.NETWORK, faults.loss())) {
            return;
        }
        deliverLater(parcel);
        if (calm || !repeatable) {
            return;
        }
        if (world.chance(Stream.NETWORK, faults.duplication())) {
            deliverLater(parcel);
        }
        if (world.chance(Stream.NETWORK, faults.replay()) && !past.isEmpty()) {
            deliverLater(past.removeFirst());
            goals.reach(Goal.OLD_MESSAGE_REPLAYED);
        }
        remember(parcel);
    }

    private void remember(Parcel parcel) {
        if (faults.replay() > 0 && world.chance(Stream.NETWORK, 0.02)) {
            past.addLast(parcel);
            if (past.size() > REPLAYABLE_MAX) {
                past.removeFirst();
            }
        }
    }

    private void deliverLater(Parcel parcel) {
        carry(parcel.from(), parcel.to(), delay(), parcel.arrival());
    }

    /** A time on the way. */
    public long delay() {
        return world.random(Stream.NETWORK).nextLong(DELAY_MICROS_MIN, faults.delayMicrosMax());
    }

    private void carry(long from, long to, long delayMicros, Runnable arrival) {
        world.after(delayMicros, to, () -> {
            var link = new Link(from, to);
            List<Runnable> waiting = clogged.get(link);
            if (cut.contains(link)) {
                return;
            }
            if (waiting != null) {
                waiting.add(arrival);
            } else {
                arrival.run();
            }
        });
    }

    public boolean isOpen(long from, long to) {
        return !cut.contains(new Link(from, to));
    }

    /** Whether any link is cut. */
    public boolean isCut() {
        return !cut.isEmpty();
    }

    /** Cuts the link in one direction. */
    public void cut(long from, long to) {
        cut.add(new Link(from, to));
    }

    /** Cuts every link between the two sides, both ways or from the first to the second alone. */
    public void part(List<Long> side, List<Long> other, boolean oneWay) {
        for (long from : side) {
            for (long to : other) {
                cut(from, to);
                if (!oneWay) {
                    cut(to, from);
                }
            }
        }
    }

    /** Holds back what travels on the link from now on. */
    public void clog(long from, long to) {
        clogged.putIfAbsent(new Link(from, to), new ArrayList<>());
    }

    /** Opens every link; what was held back arrives now. */
    public void healAll() {
        cut.clear();
        var waiting = new ArrayList<>(clogged.entrySet());
        waiting.sort((a, b) -> a.getKey().from != b.getKey().from
                ? Long.compare(a.getKey().from, b.getKey().from)
                : Long.compare(a.getKey().to, b.getKey().to));
        clogged.clear();
        waiting.forEach(entry -> entry.getValue().forEach(arrival -> world.after(0, entry.getKey().to, arrival)));
    }

    /** From now on nothing goes wrong of itself. */
    public void calm() {
        calm = true;
        past.clear();
    }
}
