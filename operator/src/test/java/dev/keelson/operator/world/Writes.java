package dev.keelson.operator.world;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Counts what the operator writes, to Kubernetes and to the store, and ends it after a chosen one. */
public final class Writes {
    private final List<String> done = new ArrayList<>();
    private int crashAfter = Integer.MAX_VALUE;
    private @Nullable Runnable meanwhile;

    public void crashAfter(int write) {
        crashAfter = write;
    }

    /** Something that happens between one write and the next. */
    public void meanwhile(Runnable other) {
        meanwhile = other;
    }

    /** To be called when the write has taken effect. */
    void count(String what) {
        done.add(what);
        if (done.size() == crashAfter) {
            throw new Crash(crashAfter);
        }
        Runnable other = meanwhile;
        if (other != null) {
            meanwhile = null;
            try {
                other.run();
            } finally {
                meanwhile = other;
            }
        }
    }

    public List<String> done() {
        return List.copyOf(done);
    }
}
