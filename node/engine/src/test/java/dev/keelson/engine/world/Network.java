package dev.keelson.engine.world;

import dev.keelson.raft.message.Message;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;

/** The links between members: every message may be late, doubled or lost, and links may be cut one way. */
final class Network {

    private final World world;
    private final Faults faults;
    private final Consumer<Message> receiver;
    private final Set<Link> cut = new HashSet<>();

    /**
     * What goes wrong.
     *
     * @param loss probability that a message is lost
     * @param duplication probability that it arrives twice
     * @param delayMicrosMax longest time on the way
     */
    record Faults(double loss, double duplication, long delayMicrosMax) {

        static Faults none() {
            return new Faults(0, 0, 1_000);
        }
    }

    private record Link(long from, long to) {}

    Network(World world, Faults faults, Consumer<Message> receiver) {
        this.world = world;
        this.faults = faults;
        this.receiver = receiver;
    }

    void send(Message message) {
        if (world.chance(faults.loss())) {
            return;
        }
        deliverLater(message);
        if (world.chance(faults.duplication())) {
            deliverLater(message);
        }
    }

    private void deliverLater(Message message) {
        world.after(world.delay(50, faults.delayMicrosMax()), () -> {
            if (isOpen(message.from(), message.to())) {
                receiver.accept(message);
            }
        });
    }

    boolean isOpen(long from, long to) {
        return !cut.contains(new Link(from, to));
    }

    /** Cuts the link in one direction. */
    void cut(long from, long to) {
        cut.add(new Link(from, to));
    }

    void healAll() {
        cut.clear();
    }
}
