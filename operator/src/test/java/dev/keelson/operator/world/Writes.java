package dev.keelson.operator.world;

import java.util.ArrayList;
import java.util.List;

/** Counts what the operator writes, to Kubernetes and to the store, and ends it after a chosen one. */
public final class Writes {
    private final List<String> done = new ArrayList<>();
    private int crashAfter = Integer.MAX_VALUE;

    public void crashAfter(int write) {
        crashAfter = write;
    }

    /** To be called when the write has taken effect. */
    void count(String what) {
        done.add(what);
        if (done.size() == crashAfter) {
            throw new Crash(crashAfter);
        }
    }

    public List<String> done() {
        return List.copyOf(done);
    }
}
