package dev.keelson.operator.plan;

import dev.keelson.operator.observe.ClusterObservation;
import dev.keelson.operator.observe.StoreMember;
import dev.keelson.operator.observe.StoreObservation;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a change to the voters waits for. Each question is answered by null, or by the reason to wait in words for people. All
 * rest on a list that a quorum has confirmed in this very observation.
 */
final class Quorum {
    /** Entries a member may be behind and still count as caught up: less than a second of writing. */
    static final long LAG_ENTRIES_MAX = 5_000;

    private final StoreObservation store;

    Quorum(ClusterObservation seen) {
        this.store = seen.store();
    }

    static int of(int voters) {
        return voters / 2 + 1;
    }

    /** Any change of the list. */
    @Nullable
    String confirms() {
        return store.quorate() ? null : "a quorum of voters to answer";
    }

    /** To stop one voter while the others go on: all others healthy and caught up, and with them a quorum. */
    @Nullable
    String sparesForAWhile(long stopped) {
        return firstOf(confirms(), othersSound(stopped), enoughWithout(stopped));
    }

    /** To remove a voter that serves. */
    @Nullable
    String sparesForGood(long removed) {
        return firstOf(confirms(), lastVoter(), othersSound(removed));
    }

    /** To remove a voter that is dead: those that are left must be able to decide it, and to go on without it. */
    @Nullable
    String sparesTheDead(long dead) {
        long healthy = others(dead).stream().filter(StoreMember::isHealthy).count();
        int needed = of(store.voters().size());
        return firstOf(
                confirms(),
                lastVoter(),
                healthy >= needed ? null : needed + " healthy voters beside it (there are " + healthy + ")");
    }

    /** To let a member in: nobody else is on the way, and all voters are healthy. */
    @Nullable
    String admits() {
        return firstOf(
                confirms(),
                store.members().stream().anyMatch(StoreMember::learner) ? "the learner there is to be promoted" : null,
                othersSound(0));
    }

    /** To give a learner its vote: it must be caught up, and all voters healthy, so that the larger quorum is there at once. */
    @Nullable
    String promotes(StoreMember learner) {
        if (!learner.isHealthy()) {
            return learner.host() + " to answer";
        }
        long lag = store.lag(learner);
        String behind = lag <= LAG_ENTRIES_MAX ? null : learner.host() + ", which is " + lag + " entries behind";
        return firstOf(confirms(), behind, othersSound(0));
    }

    /** To change what all members do: every voter is healthy and caught up. */
    @Nullable
    String allSound() {
        return firstOf(confirms(), othersSound(0));
    }

    private @Nullable String lastVoter() {
        return store.voters().size() > 1 ? null : "another voter: this is the last one";
    }

    /** Two members, or one, cannot spare any; who runs so few has chosen the pause. */
    private @Nullable String enoughWithout(long stopped) {
        int voters = store.voters().size();
        int left = others(stopped).size();
        return voters <= 2 || left >= of(voters) ? null : "a quorum without it";
    }

    private @Nullable String othersSound(long except) {
        String sick = others(except).stream()
                .filter(voter -> !voter.isHealthy() || store.lag(voter) > LAG_ENTRIES_MAX)
                .map(StoreMember::host)
                .collect(Collectors.joining(", "));
        return sick.isEmpty() ? null : sick + " to be healthy and caught up";
    }

    private List<StoreMember> others(long except) {
        return store.voters().stream().filter(voter -> voter.id() != except).toList();
    }

    @SafeVarargs
    static <T> @Nullable T firstOf(@Nullable T... answers) {
        for (T answer : answers) {
            if (answer != null) {
                return answer;
            }
        }
        return null;
    }
}
