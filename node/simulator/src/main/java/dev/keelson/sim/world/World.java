package dev.keelson.sim.world;

import java.util.PriorityQueue;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/**
 * Virtual time and the one queue of events in it; the same seed gives the same run.
 *
 * <p>Every event is folded into a digest, so two runs of a seed can be compared by one number. Chance comes from
 * independent streams, so that more draws of one kind do not shift the others.
 *
 * <p>Thread rule: one thread.
 */
public final class World {

    public static final long MICROS_PER_SECOND = 1_000_000;

    /** A minute of seven members and twenty busy clients has two million; with so many, they only keep each other busy. */
    private static final long EVENTS_MAX = 6_000_000;

    private static final long DIGEST_MULTIPLIER = 0x9E3779B97F4A7C15L;
    private static final int DIGEST_ROTATION = 23;

    private final PriorityQueue<Event> events = new PriorityQueue<>();
    private final RandomGenerator[] streams = new RandomGenerator[Stream.values().length];
    private final Journal journal;
    private Observer observer = _ -> {};
    private long nowMicros;
    private long scheduled;
    private long happened;
    private long digest;

    /** What chance is drawn for. */
    public enum Stream {
        OPTIONS,
        NETWORK,
        DISK,
        NODE,
        FAULTS,
        WORKLOAD,
        LEASES,
        WATCHES,
        AUTH,
        ALARMS,
        MEMBERS
    }

    /** Looks at the world after every event of a member; throws an {@link AssertionError} when something is wrong. */
    @FunctionalInterface
    public interface Observer {
        void after(long member);
    }

    private record Event(long atMicros, long order, long member, Runnable action) implements Comparable<Event> {
        @Override
        public int compareTo(Event other) {
            int byTime = Long.compare(atMicros, other.atMicros);
            return byTime != 0 ? byTime : Long.compare(order, other.order);
        }
    }

    /** @param journal is told of what {@link #note} is told */
    public World(long seed, Journal journal) {
        this.journal = journal;
        RandomGenerator root = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        for (int i = 0; i < streams.length; i++) {
            streams[i] = RandomGeneratorFactory.of("L64X128MixRandom").create(root.nextLong());
        }
    }

    public void observe(Observer newObserver) {
        observer = newObserver;
    }

    public RandomGenerator random(Stream stream) {
        return streams[stream.ordinal()];
    }

    public boolean chance(Stream stream, double probability) {
        return probability > 0 && random(stream).nextDouble() < probability;
    }

    public long nowMicros() {
        return nowMicros;
    }

    /** Events so far. */
    public long happened() {
        return happened;
    }

    /** A number that all events so far make up. */
    public long digest() {
        return digest;
    }

    /** Lets {@code action} of a member (0: of none) happen {@code delayMicros} from now. */
    public void after(long delayMicros, long member, Runnable action) {
        events.add(new Event(nowMicros + delayMicros, scheduled++, member, action));
    }

    /** Records that something happened, as a part of the digest and as a line of the journal. */
    public void note(String what, long member, long detail) {
        fold(what.hashCode());
        fold(member);
        fold(detail);
        journal.note(nowMicros, what, member, detail);
    }

    private void fold(long value) {
        digest = Long.rotateLeft((digest ^ value) * DIGEST_MULTIPLIER, DIGEST_ROTATION);
    }

    /** Lets {@code micros} of time pass with everything that happens in it. */
    public void pass(long micros) {
        long end = nowMicros + micros;
        while (!events.isEmpty() && events.peek().atMicros <= end) {
            Event next = events.poll();
            nowMicros = next.atMicros;
            happened++;
            if (happened > EVENTS_MAX) {
                throw new AssertionError("more than " + EVENTS_MAX + " events: the members never come to rest");
            }
            fold(nowMicros);
            fold(next.member);
            next.action.run();
            if (next.member != 0) {
                observer.after(next.member);
            }
        }
        nowMicros = end;
    }
}
