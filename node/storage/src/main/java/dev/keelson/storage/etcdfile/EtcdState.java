package dev.keelson.storage.etcdfile;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What a file says beside keys and leases.
 *
 * @param index the last entry of the log whose effect the file contains, of term {@code term}
 * @param orderedCompaction revision of the last compaction that was ordered, -1 for none
 * @param finishedCompaction revision of the last compaction that came to its end, -1 for none
 * @param clusterVersion the version the members agreed on, empty while undecided
 * @param storageVersion the version of etcd whose format the file has
 * @param removed ids of former members
 * @param auth users and roles
 * @param alarms the alarms that are raised, each as etcd's message
 */
public record EtcdState(
        long index,
        long term,
        long orderedCompaction,
        long finishedCompaction,
        String clusterVersion,
        String storageVersion,
        List<EtcdMember> members,
        List<Long> removed,
        EtcdAuth auth,
        List<byte[]> alarms) {

    public EtcdState {
        members = List.copyOf(members);
        removed = List.copyOf(removed);
        alarms = alarms.stream().sorted(Arrays::compareUnsigned).toList();
    }

    /** The configuration of etcd's consensus core, as JSON. */
    String confState() {
        String learners = ids(true);
        return "{\"voters\":[" + ids(false) + "]"
                + (learners.isEmpty() ? "" : ",\"learners\":[" + learners + "]")
                + ",\"auto_leave\":false}";
    }

    private String ids(boolean learner) {
        return members.stream()
                .filter(member -> member.learner() == learner)
                .map(member -> Long.toUnsignedString(member.id()))
                .collect(Collectors.joining(","));
    }
}
