package dev.keelson.engine;

import java.util.List;

/**
 * What a node knows of itself at one moment, as the Status call of etcd reports it.
 *
 * @param leader the id of the leader, 0 when none is known
 * @param raftIndex the highest committed index
 * @param raftAppliedIndex the highest index whose entry has taken effect here
 * @param sizeBytes what the store occupies, counted, space not yet reclaimed included
 * @param sizeInUseBytes what of it live data and kept history occupy
 * @param errors what keeps the node from full service, in etcd's words
 */
public record NodeStatus(
        long memberId,
        long clusterId,
        long leader,
        long raftTerm,
        long raftIndex,
        long raftAppliedIndex,
        long revision,
        long sizeBytes,
        long sizeInUseBytes,
        boolean learner,
        List<String> errors) {}
