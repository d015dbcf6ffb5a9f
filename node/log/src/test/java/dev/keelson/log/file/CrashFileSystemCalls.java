package dev.keelson.log.file;

import dev.keelson.log.file.CrashFileSystem.Call;
import dev.keelson.log.file.CrashFileSystem.Moment;
import dev.keelson.log.file.CrashFileSystem.ProcessEnded;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Counts the calls and ends the process at the planned one.
 *
 * <p>Thread rule: one thread.
 */
final class CrashFileSystemCalls {

    private static final int NEVER = Integer.MAX_VALUE;

    private final EnumMap<Call, Integer> byKind = new EnumMap<>(Call.class);
    private @Nullable Call latest;
    private int count;
    private int last = NEVER;
    private Moment moment = Moment.BEFORE;
    private @Nullable RandomGenerator random;

    int count() {
        return count;
    }

    @Nullable
    Call latest() {
        return latest;
    }

    Map<Call, Integer> byKind() {
        return Collections.unmodifiableMap(byKind);
    }

    void endAt(int call, Moment when, @Nullable RandomGenerator randomParts) {
        last = count + call;
        moment = when;
        random = randomParts;
    }

    void endNever() {
        last = NEVER;
        random = null;
    }

    /** Begins a call; returns what to draw its part from when it is to be done in part only, else null. */
    @Nullable
    RandomGenerator begin(Call kind) {
        count++;
        latest = kind;
        byKind.merge(kind, 1, Integer::sum);
        if (count > last || count == last && moment == Moment.BEFORE) {
            throw new ProcessEnded();
        }
        return count == last && moment == Moment.MIDDLE ? random : null;
    }

    /** Ends the call that was begun last, and with it perhaps the process. */
    void end() {
        if (count == last) {
            throw new ProcessEnded();
        }
    }
}
