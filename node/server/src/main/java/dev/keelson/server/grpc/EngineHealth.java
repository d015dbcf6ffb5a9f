package dev.keelson.server.grpc;

import dev.keelson.engine.NodeEngine;
import dev.keelson.engine.Reply;
import dev.keelson.mvcc.RangeRequest;
import dev.keelson.mvcc.RangeResult;
import dev.keelson.mvcc.SortOrder;
import dev.keelson.mvcc.SortTarget;
import dev.keelson.mvcc.StoreError;
import dev.keelson.mvcc.StoreException;
import dev.keelson.server.http.NodeHealth;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Answers the probes from a node. */
final class EngineHealth implements NodeHealth {

    private static final byte[] PROBED_KEY = {0};
    private static final byte[] NONE = {};

    private final NodeEngine engine;

    EngineHealth(NodeEngine engine) {
        this.engine = engine;
    }

    /** A probe has no name: that it is refused for want of one shows that the node answers. */
    @Override
    public void read(boolean linearizable, Consumer<@Nullable String> done) {
        var request = new RangeRequest(
                PROBED_KEY, NONE, 0, 0, SortOrder.NONE, SortTarget.KEY, !linearizable, true, false, 0, 0, 0, 0);
        engine.range(request, new Reply<RangeResult>() {
            @Override
            public void succeed(RangeResult result) {
                done.accept(null);
            }

            @Override
            public void fail(StoreException error) {
                boolean alive = error.error() == StoreError.USER_EMPTY || error.error() == StoreError.PERMISSION_DENIED;
                done.accept(alive ? null : error.error().text());
            }
        });
    }

    @Override
    public boolean hasLeader() {
        return engine.raftStatus().leader() != 0;
    }

    @Override
    public boolean isLearner() {
        return CallGuard.isLearner(engine);
    }

    @Override
    public List<String> alarms() {
        return engine.maintenance().alarms().stream()
                .map(alarm -> alarm.type().name())
                .toList();
    }

    @Override
    public String clusterVersion() {
        return engine.clusterVersion();
    }
}
