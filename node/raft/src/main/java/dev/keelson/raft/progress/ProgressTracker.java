package dev.keelson.raft.progress;

import dev.keelson.raft.quorum.JointConfig;
import java.util.Arrays;
import java.util.function.LongPredicate;
import java.util.function.LongUnaryOperator;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * The progress of every member of the configuration in force, voters and learners, the leader itself included.
 *
 * <p>Members are addressed by position in loops, in ascending order of id, so that a run is the same every time.
 */
public final class ProgressTracker {

    private final LongUnaryOperator matchOf = this::match;
    private JointConfig voters;
    private long[] ids = new long[0];
    private Progress[] progress = new Progress[0];

    public ProgressTracker(JointConfig voters, long[] learners, Supplier<Progress> fresh) {
        this.voters = voters;
        reconfigure(voters, learners, fresh);
    }

    /** Members that stay keep their progress, new ones begin with a {@code fresh} one. */
    public void reconfigure(JointConfig newVoters, long[] learners, Supplier<Progress> fresh) {
        long[] newIds = LongStream.concat(LongStream.of(newVoters.ids()), LongStream.of(learners))
                .boxed()
                .distinct()
                .sorted(Long::compareUnsigned)
                .mapToLong(Long::longValue)
                .toArray();
        Progress[] newProgress = new Progress[newIds.length];
        for (int i = 0; i < newIds.length; i++) {
            Progress kept = find(newIds[i]);
            newProgress[i] = kept == null ? fresh.get() : kept;
        }
        voters = newVoters;
        ids = newIds;
        progress = newProgress;
    }

    public int size() {
        return ids.length;
    }

    public long id(int position) {
        return ids[position];
    }

    public Progress at(int position) {
        return progress[position];
    }

    public @Nullable Progress find(long id) {
        for (int i = 0; i < ids.length; i++) {
            if (ids[i] == id) {
                return progress[i];
            }
        }
        return null;
    }

    /** The highest index that a quorum has made durable. */
    public long committedIndex() {
        return voters.committedIndex(matchOf);
    }

    private long match(long id) {
        Progress member = find(id);
        return member == null ? 0 : member.match();
    }

    /** Whether a quorum, {@code self} counted in, is made of members that {@code has} accepts. */
    public boolean isQuorum(long self, Predicate<Progress> has) {
        LongPredicate accepts = id -> {
            Progress member = find(id);
            return id == self || member != null && has.test(member);
        };
        return voters.reachedBy(accepts);
    }

    @Override
    public String toString() {
        return Arrays.toString(ids);
    }
}
