package dev.keelson.engine;

import dev.keelson.engine.apply.ApplyWorker;
import dev.keelson.engine.consensus.RaftLoop;
import dev.keelson.mvcc.MvccStore;
import dev.keelson.mvcc.StoreError;
import dev.keelson.raft.RaftStatus;
import java.util.ArrayList;

/**
 * What a node can say of itself at a moment.
 *
 * <p>Thread rule: any thread.
 */
record NodeReport(EngineConfig config, RaftLoop loop, ApplyWorker apply, StoreGate gate) {

    NodeStatus status() {
        RaftStatus raft = loop.status();
        MvccStore store = gate.store();
        var errors = new ArrayList<String>(1);
        if (raft.leader() == 0) {
            errors.add(StoreError.NO_LEADER.text());
        }
        apply.alarms().all().forEach(alarm -> errors.add(alarm.text()));
        return new NodeStatus(
                config.memberId(),
                config.clusterId(),
                raft.leader(),
                raft.term(),
                raft.commit(),
                apply.applied().index(),
                store.revision(),
                store.sizeBytes(),
                store.sizeInUseBytes(),
                apply.membership().find(config.memberId()).map(Member::learner).orElse(false),
                errors);
    }

    StoreStatus storeStatus() {
        MvccStore store = gate.store();
        return new StoreStatus(
                store.revision(),
                store.compactRevision(),
                store.sizeBytes(),
                store.sizeInUseBytes(),
                store.keys(),
                store.openViews());
    }
}
