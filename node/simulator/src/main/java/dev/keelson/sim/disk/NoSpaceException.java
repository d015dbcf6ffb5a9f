package dev.keelson.sim.disk;

import java.io.IOException;

/** The disk is full. */
public final class NoSpaceException extends IOException {

    private static final long serialVersionUID = 1;

    NoSpaceException() {
        super("no space left on device");
    }
}
