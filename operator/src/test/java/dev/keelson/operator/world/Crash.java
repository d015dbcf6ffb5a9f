package dev.keelson.operator.world;

import java.io.Serial;

/** The operator's process ends here, in the middle of whatever it does. */
public final class Crash extends Error {
    @Serial
    private static final long serialVersionUID = 1L;

    public Crash(int write) {
        super("after write " + write);
    }
}
