package dev.keelson.sim.cluster;

import java.util.ArrayList;
import java.util.List;

/**
 * One life of a member's process: what is given to it happens, waits while it is paused, and is gone when it is dead.
 *
 * <p>Thread rule: one thread.
 */
final class Life {

    private final List<Runnable> held = new ArrayList<>();
    private boolean alive = true;
    private boolean paused;

    boolean isAlive() {
        return alive;
    }

    boolean isPaused() {
        return paused;
    }

    void end() {
        alive = false;
        held.clear();
    }

    void pause() {
        paused = true;
    }

    /** Goes on; everything that was held happens now, in its order. */
    void resume() {
        paused = false;
        while (alive && !paused && !held.isEmpty()) {
            run(held.removeFirst());
        }
    }

    void run(Runnable action) {
        if (!alive) {
            return;
        }
        if (paused) {
            held.add(action);
        } else {
            action.run();
        }
    }
}
