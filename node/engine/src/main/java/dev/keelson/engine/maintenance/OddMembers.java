package dev.keelson.engine.maintenance;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Finds out whose history is wrong, when members that must have the same do not. */
final class OddMembers {

    /** Stands for "some member, and nobody can tell which". */
    static final long ANY = 0;

    private OddMembers() {}

    /**
     * The members whose hash is not that of a majority; {@link #ANY} alone when hashes differ and none has one; nobody when
     * all that can be compared are equal.
     *
     * @param self who leads, and what its history comes to
     * @param others the answers of others; those about another part of the history are passed over
     * @param membersTotal how many members there are, those included that gave no answer
     */
    static List<Long> find(Map.Entry<Long, HistoryHash> self, Map<Long, HistoryHash> others, int membersTotal) {
        Map<Integer, List<Long>> byHash = new HashMap<>();
        add(byHash, self.getKey(), self.getValue());
        others.forEach((member, hash) -> {
            if (hash.isComparable(self.getValue())) {
                add(byHash, member, hash);
            }
        });
        if (byHash.size() == 1) {
            return List.of();
        }
        int majority = membersTotal / 2 + 1;
        boolean decided = byHash.values().stream().anyMatch(members -> members.size() >= majority);
        return decided
                ? byHash.values().stream()
                        .filter(members -> members.size() < majority)
                        .flatMap(List::stream)
                        .sorted(Long::compareUnsigned)
                        .toList()
                : List.of(ANY);
    }

    private static void add(Map<Integer, List<Long>> byHash, long member, HistoryHash hash) {
        byHash.computeIfAbsent(hash.result().hash(), _ -> new ArrayList<>()).add(member);
    }
}
