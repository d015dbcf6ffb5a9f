package dev.keelson.sim.check;

import dev.keelson.sim.check.DependencyGraph.Edge;
import dev.keelson.sim.check.DependencyGraph.Reason;
import dev.keelson.sim.check.ListTransaction.End;
import dev.keelson.sim.check.ListTransaction.Step;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Decides whether transactions on lists were strictly serializable, by the lists alone.
 *
 * <p>A list tells the order in which it was written, so it follows which transaction comes before which: one append after
 * another, a read after the append it shows, an append after the read that lacks it, and what was invoked after what had
 * returned. A cycle is an anomaly. It looks at no revision, so it also finds what a store with wrong revisions hides.
 *
 * <p>A transaction of unknown outcome counts from the moment one of its elements is read.
 */
public final class ListAppendChecker {

    private static final Set<Reason> WRITES = EnumSet.of(Reason.WRITE_WRITE);
    private static final Set<Reason> WRITES_AND_READS = EnumSet.of(Reason.WRITE_WRITE, Reason.WRITE_READ);
    private static final Set<Reason> DATA = EnumSet.complementOf(EnumSet.of(Reason.REAL_TIME));

    private final List<ListTransaction> transactions;
    private final DependencyGraph graph = new DependencyGraph();

    private ListAppendChecker(List<ListTransaction> transactions) {
        this.transactions = transactions;
    }

    /** All that is wrong without a cycle, and one cycle of each knot; empty for what is strictly serializable. */
    public static List<Anomaly> check(List<ListTransaction> transactions) {
        return new ListAppendChecker(List.copyOf(transactions)).run();
    }

    private List<Anomaly> run() {
        var versions = new ListVersions(transactions);
        List<Anomaly> anomalies = new ArrayList<>(versions.anomalies());
        if (!anomalies.isEmpty()) {
            return anomalies;
        }
        transactions.forEach(_ -> graph.addNode());
        versions.longest().forEach((key, elements) -> addWrites(key, elements, versions));
        versions.reads().forEach(read -> addRead(read, versions));
        addRealTime();
        anomalies.addAll(lostUpdates(versions));
        for (Set<Reason> reasons : List.of(WRITES, WRITES_AND_READS, DATA, DependencyGraph.ALL)) {
            if (anomalies.isEmpty()) {
                graph.components(reasons).forEach(component -> anomalies.add(cycle(component, reasons)));
            }
        }
        return anomalies;
    }

    private void addWrites(String key, List<Long> elements, ListVersions versions) {
        for (int i = 1; i < elements.size(); i++) {
            graph.addEdge(
                    versions.appender(key, elements.get(i - 1)),
                    versions.appender(key, elements.get(i)),
                    Reason.WRITE_WRITE);
        }
        if (!elements.isEmpty()) {
            int last = versions.appender(key, elements.getLast());
            versions.unread(key)
                    .forEach(value -> graph.addEdge(last, versions.appender(key, value), Reason.WRITE_WRITE));
        }
    }

    private void addRead(ListVersions.ReadOfList read, ListVersions versions) {
        String key = read.key();
        if (!read.elements().isEmpty()) {
            graph.addEdge(versions.appender(key, read.elements().getLast()), read.reader(), Reason.WRITE_READ);
        }
        List<Long> longest = versions.longest().getOrDefault(key, List.of());
        int size = read.elements().size();
        List<Long> next = size < longest.size() ? List.of(longest.get(size)) : versions.unread(key);
        next.forEach(value -> graph.addEdge(read.reader(), versions.appender(key, value), Reason.READ_WRITE));
    }

    /** By way of one node for each return, which comes before those of later returns. */
    private void addRealTime() {
        List<Integer> byReturn = IntStream.range(0, transactions.size())
                .filter(index -> transactions.get(index).end() == End.COMMITTED)
                .boxed()
                .sorted(Comparator.comparingLong(
                        index -> transactions.get(index).returned()))
                .toList();
        List<Integer> byInvocation = IntStream.range(0, transactions.size())
                .boxed()
                .sorted(Comparator.comparingLong(
                        index -> transactions.get(index).invoked()))
                .toList();
        int returned = 0;
        int latest = -1;
        for (int index : byInvocation) {
            long invoked = transactions.get(index).invoked();
            for (;
                    returned < byReturn.size()
                            && transactions.get(byReturn.get(returned)).returned() < invoked;
                    returned++) {
                int node = graph.addNode();
                graph.addEdge(byReturn.get(returned), node, Reason.REAL_TIME);
                if (latest >= 0) {
                    graph.addEdge(latest, node, Reason.REAL_TIME);
                }
                latest = node;
            }
            if (latest >= 0) {
                graph.addEdge(latest, index, Reason.REAL_TIME);
            }
        }
    }

    private record State(String key, int size) {}

    private List<Anomaly> lostUpdates(ListVersions versions) {
        Map<State, Integer> updates = new HashMap<>();
        List<Anomaly> lost = new ArrayList<>();
        for (ListVersions.ReadOfList read : versions.reads()) {
            boolean updated = transactions.get(read.reader()).steps().stream()
                    .anyMatch(step -> step instanceof Step.Append && step.key().equals(read.key()));
            Integer other = updated
                    ? updates.putIfAbsent(new State(read.key(), read.elements().size()), read.reader())
                    : null;
            if (other != null) {
                lost.add(new Anomaly(
                        Anomaly.Kind.LOST_UPDATE,
                        List.of(transactions.get(other), transactions.get(read.reader())),
                        "both appended to " + read.key() + " after " + read.elements()));
            }
        }
        return lost;
    }

    private Anomaly cycle(List<Integer> component, Set<Reason> reasons) {
        if (reasons.equals(DATA)) {
            for (int node : component) {
                for (Edge edge : graph.edgesOf(node)) {
                    List<Edge> back = edge.reason() == Reason.READ_WRITE
                            ? graph.path(edge.to(), node, WRITES_AND_READS)
                            : List.of();
                    if (!back.isEmpty()) {
                        back.add(edge);
                        return anomaly(Anomaly.Kind.G_SINGLE, back);
                    }
                }
            }
        }
        Anomaly.Kind kind = reasons.equals(WRITES)
                ? Anomaly.Kind.G0
                : reasons.equals(WRITES_AND_READS)
                        ? Anomaly.Kind.G1C
                        : reasons.equals(DATA) ? Anomaly.Kind.G2 : Anomaly.Kind.REAL_TIME;
        return anomaly(kind, graph.path(component.getFirst(), component.getFirst(), reasons));
    }

    private Anomaly anomaly(Anomaly.Kind kind, List<Edge> cycle) {
        List<ListTransaction> involved = cycle.stream()
                .map(Edge::from)
                .filter(node -> node < transactions.size())
                .map(transactions::get)
                .toList();
        String text =
                cycle.stream().map(edge -> edge.reason().name()).distinct().collect(Collectors.joining(", "));
        return new Anomaly(kind, involved, "a cycle of " + text);
    }
}
