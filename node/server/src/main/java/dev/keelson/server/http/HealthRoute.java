package dev.keelson.server.http;

import java.util.function.Consumer;

/**
 * The older probe: no alarm, a leader, and a read that works; {@code exclude} names alarms to overlook, and
 * {@code serializable=true} asks about this member alone.
 */
final class HealthRoute implements HttpRoute {

    private final NodeHealth node;
    private final ProbeListener listener;

    HealthRoute(NodeHealth node, ProbeListener listener) {
        this.node = node;
        this.listener = listener;
    }

    @Override
    public void serve(HttpRequest request, Consumer<HttpReply> answer) {
        boolean serializable =
                request.all("serializable").stream().findFirst().orElse("").equals("true");
        for (String alarm : node.alarms()) {
            if (!request.all("exclude").contains(alarm)) {
                answer.accept(unhealthy("ALARM " + alarm));
                return;
            }
        }
        if (!serializable && !node.hasLeader()) {
            answer.accept(unhealthy("RAFT NO LEADER"));
            return;
        }
        node.read(
                !serializable,
                failure -> answer.accept(failure == null ? healthy() : unhealthy("RANGE ERROR:" + failure)));
    }

    private HttpReply healthy() {
        listener.health(true);
        return HttpReply.of(200, HttpReply.PLAIN_TEXT, json("true", ""));
    }

    private HttpReply unhealthy(String reason) {
        listener.health(false);
        return HttpReply.text(503, json("false", reason));
    }

    private static String json(String health, String reason) {
        return "{\"health\":\"" + health + "\",\"reason\":\""
                + reason.replace("\\", "\\\\").replace("\"", "\\\"") + "\"}";
    }
}
