package dev.keelson.engine.world;

/** The time from one start of a member to its end. */
final class Life {

    private boolean alive = true;

    boolean isAlive() {
        return alive;
    }

    void end() {
        alive = false;
    }
}
