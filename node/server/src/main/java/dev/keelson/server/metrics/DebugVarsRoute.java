package dev.keelson.server.metrics;

import dev.keelson.engine.NodeEngine;
import dev.keelson.raft.RaftStatus;
import dev.keelson.raft.RaftStatus.PeerStatus;
import dev.keelson.raft.progress.ProgressState;
import dev.keelson.server.http.HttpReply;
import dev.keelson.server.http.HttpRequest;
import dev.keelson.server.http.HttpRoute;
import dev.keelson.server.log.JsonText;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Answers {@code /debug/vars} in the shape of Go's expvar, as etcd does: how the process was started, its memory, and
 * where its consensus stands. Of the memory statistics it has those that mean something here.
 */
public final class DebugVarsRoute implements HttpRoute {

    private final NodeEngine engine;
    private final List<String> commandLine;

    /** @param commandLine the words the process was started with */
    public DebugVarsRoute(NodeEngine engine, List<String> commandLine) {
        this.engine = engine;
        this.commandLine =
                Stream.concat(Stream.of("keelson"), commandLine.stream()).toList();
    }

    @Override
    public void serve(HttpRequest request, Consumer<HttpReply> answer) {
        engine.progress(peers -> answer.accept(new HttpReply(
                200,
                Map.of("Content-Type", "application/json; charset=utf-8"),
                text(peers).getBytes(StandardCharsets.UTF_8),
                false)));
    }

    private String text(List<PeerStatus> peers) {
        var out = new StringBuilder("{\n");
        JsonText.COMPACT.appendFields(out, "cmdline", commandLine);
        out.append(",\n\"memstats\": {");
        appendMemory(out);
        out.append("},\n\"raft.status\": {");
        appendConsensus(out, engine.raftStatus(), peers);
        return out.append("}\n}\n").toString();
    }

    private static void appendMemory(StringBuilder out) {
        var heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage();
        long collections = 0;
        long pauseMillis = 0;
        for (GarbageCollectorMXBean collector : ManagementFactory.getGarbageCollectorMXBeans()) {
            collections += collector.getCollectionCount();
            pauseMillis += collector.getCollectionTime();
        }
        JsonText.COMPACT.appendFields(
                out,
                "Alloc",
                heap.getUsed(),
                "Sys",
                heap.getCommitted(),
                "HeapAlloc",
                heap.getUsed(),
                "HeapSys",
                heap.getCommitted(),
                "HeapIdle",
                heap.getCommitted() - heap.getUsed(),
                "HeapInuse",
                heap.getUsed(),
                "PauseTotalNs",
                TimeUnit.MILLISECONDS.toNanos(pauseMillis),
                "NumGC",
                collections);
    }

    private void appendConsensus(StringBuilder out, RaftStatus raft, List<PeerStatus> peers) {
        JsonText.COMPACT.appendFields(
                out,
                "id",
                hex(raft.id()),
                "term",
                raft.term(),
                "vote",
                hex(raft.vote()),
                "commit",
                raft.commit(),
                "lead",
                hex(raft.leader()),
                "raftState",
                state(raft),
                "applied",
                engine.status().raftAppliedIndex());
        out.append(",\"progress\":{");
        for (PeerStatus peer : peers) {
            out.append(peer == peers.getFirst() ? "\"" : ",\"")
                    .append(hex(peer.id()))
                    .append("\":{");
            JsonText.COMPACT.appendFields(
                    out, "match", peer.match(), "next", peer.next(), "state", state(peer.state()));
            out.append('}');
        }
        out.append("},\"leadtransferee\":\"").append(hex(raft.leadTransferee())).append('"');
    }

    private static String state(RaftStatus raft) {
        return switch (raft.role()) {
            case FOLLOWER -> "StateFollower";
            case PRE_CANDIDATE -> "StatePreCandidate";
            case CANDIDATE -> "StateCandidate";
            case LEADER -> "StateLeader";
        };
    }

    private static String state(ProgressState state) {
        return switch (state) {
            case PROBE -> "StateProbe";
            case REPLICATE -> "StateReplicate";
            case SNAPSHOT -> "StateSnapshot";
        };
    }

    private static String hex(long id) {
        return Long.toHexString(id);
    }
}
