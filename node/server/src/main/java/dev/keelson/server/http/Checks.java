package dev.keelson.server.http;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The checks behind one probe: all of them at its path, each of them at a path of its own below it.
 *
 * <p>Excluding a check that does not exist is no error, so that a probe may name checks that only other versions know.
 */
final class Checks {

    /** One thing to look at; {@code done} is told why it failed, or null. */
    private interface Check {
        void run(Consumer<@Nullable String> done);
    }

    private final String path;
    private final Map<String, Check> checks;
    private final ProbeListener listener;

    private Checks(String path, Map<String, Check> checks, ProbeListener listener) {
        this.path = path;
        this.listener = listener;
        this.checks = checks;
    }

    /** Whether the process should be left running. */
    static Checks live(NodeHealth node, ProbeListener listener) {
        return new Checks("/livez", Map.of("serializable_read", done -> node.read(false, done)), listener);
    }

    /** Whether the member should be sent requests. */
    static Checks ready(NodeHealth node, ProbeListener listener) {
        var checks = new LinkedHashMap<String, Check>();
        checks.put(
                "data_corruption",
                done -> done.accept(node.alarms().contains("CORRUPT") ? "alarm activated: CORRUPT" : null));
        checks.put("serializable_read", done -> node.read(false, done));
        checks.put("linearizable_read", done -> node.read(true, done));
        checks.put("non_learner", done -> done.accept(node.isLearner() ? "not supported for learner" : null));
        return new Checks("/readyz", checks, listener);
    }

    void addTo(Map<String, HttpRoute> routes) {
        routes.put(path, HttpRoute.get((request, answer) -> {
            List<String> excluded = request.all("exclude");
            List<String> names = checks.keySet().stream()
                    .filter(name -> !excluded.contains(name))
                    .toList();
            new Run(names, request.has("verbose"), answer).next();
        }));
        for (String name : checks.keySet()) {
            routes.put(
                    path + "/" + name,
                    HttpRoute.get((request, answer) -> new Run(List.of(name), request.has("verbose"), answer).next()));
        }
    }

    /** The checks of one request, one after another, each perhaps on another thread than the one before. */
    private final class Run {

        private final List<String> names;
        private final boolean verbose;
        private final Consumer<HttpReply> answer;
        private final StringBuilder findings = new StringBuilder();
        private int at;
        private boolean failed;

        Run(List<String> names, boolean verbose, Consumer<HttpReply> answer) {
            this.names = names;
            this.verbose = verbose;
            this.answer = answer;
        }

        void next() {
            if (at == names.size()) {
                answer.accept(reply());
                return;
            }
            String name = names.get(at++);
            Check check = checks.get(name);
            if (check != null) {
                check.run(failure -> {
                    record(name, failure);
                    next();
                });
            }
        }

        private void record(String name, @Nullable String failure) {
            listener.checked(path.substring(1), name, failure == null);
            if (failure == null) {
                findings.append("[+]").append(name).append(" ok\n");
            } else {
                failed = true;
                findings.append("[-]")
                        .append(name)
                        .append(" failed: ")
                        .append(failure)
                        .append('\n');
            }
        }

        private HttpReply reply() {
            if (failed) {
                return HttpReply.text(503, findings.toString());
            }
            return HttpReply.text(200, (verbose ? findings : "") + "ok");
        }
    }
}
