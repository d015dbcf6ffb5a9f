package dev.keelson.mvcc.watch;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Sorts the events of one round by the groups that they are for, each event once however many watch it.
 *
 * <p>A round is either for all watchers that are in step, or for some that were chosen before its first event.
 *
 * <p>Thread rule: the watch worker only. No allocation once the gatherings of the largest round are there.
 */
final class Gatherer {

    private final WatchIndex index;
    private final List<WatchGroup> touched = new ArrayList<>();
    private final Deque<Gathering> spare = new ArrayDeque<>();
    private final List<WatchGroup> matches = new ArrayList<>();

    Gatherer(WatchIndex index) {
        this.index = index;
    }

    /** Adds an event to the round for those in step. */
    void gather(SharedEvent event) {
        for (WatchGroup group : match(event)) {
            if (group.inStep() > 0) {
                gatheringOf(group).add(event);
            }
        }
    }

    /** The round is for this watcher, too. */
    void choose(Watcher watcher) {
        gatheringOf(watcher.group).expect(watcher);
    }

    /** Adds an event to the round for those chosen; returns whether one of them wants to know what was before it. */
    boolean gatherChosen(SharedEvent event) {
        boolean formerWanted = false;
        for (WatchGroup group : match(event)) {
            Gathering gathering = group.gathering;
            if (gathering != null) {
                gathering.add(event);
                formerWanted |= gathering.wantsFormer();
            }
        }
        return formerWanted;
    }

    private List<WatchGroup> match(SharedEvent event) {
        matches.clear();
        index.match(event.key(), matches);
        return matches;
    }

    private Gathering gatheringOf(WatchGroup group) {
        Gathering gathering = group.gathering;
        if (gathering == null) {
            gathering = spare.isEmpty() ? new Gathering() : spare.pop();
            group.gathering = gathering;
            touched.add(group);
        }
        return gathering;
    }

    /** The groups that the round has found something for, or was chosen for. */
    List<WatchGroup> touched() {
        return touched;
    }

    /** Ends the round. */
    void clear() {
        for (WatchGroup group : touched) {
            Gathering gathering = group.gathering;
            if (gathering != null) {
                gathering.clear();
                spare.push(gathering);
                group.gathering = null;
            }
        }
        touched.clear();
    }
}
