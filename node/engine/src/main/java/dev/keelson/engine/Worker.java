package dev.keelson.engine;

/**
 * A port to a place where units of work run one after another, in the order they were given.
 *
 * <p>In production a thread, in a simulation a row of events. {@link #execute} never runs the unit before it returns and
 * never blocks.
 */
public interface Worker {

    void execute(Runnable unit);
}
