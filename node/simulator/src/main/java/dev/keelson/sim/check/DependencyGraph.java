package dev.keelson.sim.check;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** Which transactions must come before which, and why; finds the cycles. */
final class DependencyGraph {

    /** Why one comes before another. */
    enum Reason {
        WRITE_WRITE,
        WRITE_READ,
        READ_WRITE,
        REAL_TIME
    }

    static final Set<Reason> ALL = EnumSet.allOf(Reason.class);

    private final List<List<Edge>> edges = new ArrayList<>();

    record Edge(int from, int to, Reason reason) {}

    int addNode() {
        edges.add(new ArrayList<>(2));
        return edges.size() - 1;
    }

    void addEdge(int from, int to, Reason reason) {
        if (from != to) {
            edges.get(from).add(new Edge(from, to, reason));
        }
    }

    List<Edge> edgesOf(int node) {
        return edges.get(node);
    }

    /** The sets of more than one node that all reach each other by edges of these reasons; after Tarjan, on a stack. */
    List<List<Integer>> components(Set<Reason> reasons) {
        return new Components(reasons).find();
    }

    private final class Components {

        private final Set<Reason> reasons;
        private final int[] number = new int[edges.size()];
        private final int[] low = new int[edges.size()];
        private final int[] nextEdge = new int[edges.size()];
        private final boolean[] open = new boolean[edges.size()];
        private final Deque<Integer> path = new ArrayDeque<>();
        private final Deque<Integer> opened = new ArrayDeque<>();
        private final List<List<Integer>> found = new ArrayList<>();
        private int visited;

        Components(Set<Reason> reasons) {
            this.reasons = reasons;
        }

        List<List<Integer>> find() {
            for (int node = 0; node < edges.size(); node++) {
                if (number[node] == 0) {
                    enter(node);
                    while (!path.isEmpty()) {
                        visit(path.getLast());
                    }
                }
            }
            return found;
        }

        private void enter(int node) {
            number[node] = ++visited;
            low[node] = visited;
            open[node] = true;
            path.addLast(node);
            opened.addLast(node);
        }

        private void visit(int node) {
            List<Edge> out = edges.get(node);
            while (nextEdge[node] < out.size()) {
                Edge edge = out.get(nextEdge[node]++);
                if (!reasons.contains(edge.reason())) {
                    continue;
                }
                if (number[edge.to()] == 0) {
                    enter(edge.to());
                    return;
                }
                if (open[edge.to()]) {
                    low[node] = Math.min(low[node], number[edge.to()]);
                }
            }
            path.removeLast();
            if (!path.isEmpty()) {
                low[path.getLast()] = Math.min(low[path.getLast()], low[node]);
            }
            if (low[node] == number[node]) {
                close(node);
            }
        }

        private void close(int root) {
            List<Integer> component = new ArrayList<>();
            int node;
            do {
                node = opened.removeLast();
                open[node] = false;
                component.add(node);
            } while (node != root);
            if (component.size() > 1) {
                found.add(component);
            }
        }
    }

    /** The shortest way from one node to another by edges of these reasons, empty if there is none. */
    List<Edge> path(int from, int to, Set<Reason> reasons) {
        Edge[] by = new Edge[edges.size()];
        Deque<Integer> frontier = new ArrayDeque<>(List.of(from));
        while (!frontier.isEmpty()) {
            int node = frontier.removeFirst();
            for (Edge edge : edges.get(node)) {
                if (reasons.contains(edge.reason()) && by[edge.to()] == null) {
                    by[edge.to()] = edge;
                    if (edge.to() == to) {
                        return unwind(by, from, to);
                    }
                    frontier.addLast(edge.to());
                }
            }
        }
        return List.of();
    }

    private static List<Edge> unwind(Edge[] by, int from, int to) {
        List<Edge> path = new ArrayList<>();
        int node = to;
        do {
            path.add(by[node]);
            node = by[node].from();
        } while (node != from);
        Collections.reverse(path);
        return path;
    }
}
