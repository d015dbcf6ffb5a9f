package dev.keelson.server.port;

import dev.keelson.server.http.NodeHealth;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A node whose health a test sets. */
final class FakeHealth implements NodeHealth {

    volatile @Nullable String linearizableFailure;
    volatile @Nullable String serializableFailure;
    volatile boolean leader = true;
    volatile boolean learner;
    volatile List<String> alarms = List.of();
    volatile String clusterVersion = "3.7.0";

    @Override
    public void read(boolean linearizable, Consumer<@Nullable String> done) {
        done.accept(linearizable ? linearizableFailure : serializableFailure);
    }

    @Override
    public boolean hasLeader() {
        return leader;
    }

    @Override
    public boolean isLearner() {
        return learner;
    }

    @Override
    public List<String> alarms() {
        return alarms;
    }

    @Override
    public String clusterVersion() {
        return clusterVersion;
    }
}
