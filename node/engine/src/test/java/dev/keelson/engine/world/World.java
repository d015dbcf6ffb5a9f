package dev.keelson.engine.world;

import java.util.PriorityQueue;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/**
 * Virtual time and the one queue of events in it; the same seed gives the same run.
 *
 * <p>Thread rule: one thread.
 */
public final class World {

    private final PriorityQueue<Event> events = new PriorityQueue<>();
    private final RandomGenerator random;
    private long nowMicros;
    private long scheduled;

    private record Event(long atMicros, long order, Runnable action) implements Comparable<Event> {
        @Override
        public int compareTo(Event other) {
            int byTime = Long.compare(atMicros, other.atMicros);
            return byTime != 0 ? byTime : Long.compare(order, other.order);
        }
    }

    public World(long seed) {
        random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    }

    public RandomGenerator random() {
        return random;
    }

    public long nowMicros() {
        return nowMicros;
    }

    /** Lets {@code action} happen {@code delayMicros} from now. */
    public void after(long delayMicros, Runnable action) {
        events.add(new Event(nowMicros + delayMicros, scheduled++, action));
    }

    /** A delay in {@code [lo, hi)} microseconds. */
    public long delay(long lo, long hi) {
        return random.nextLong(lo, hi);
    }

    public boolean chance(double probability) {
        return random.nextDouble() < probability;
    }

    /** Lets {@code micros} of time pass with everything that happens in it. */
    public void pass(long micros) {
        long end = nowMicros + micros;
        while (!events.isEmpty() && events.peek().atMicros <= end) {
            Event next = events.poll();
            nowMicros = next.atMicros;
            next.action.run();
        }
        nowMicros = end;
    }
}
