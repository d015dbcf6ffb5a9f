package dev.keelson.server.http;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Finds the route of a path, exactly as written: etcd's own paths have no variables.
 *
 * <p>Every answer allows any origin, and a preflight request is answered at once, as etcd does without {@code --cors}.
 *
 * <p>Thread rule: immutable.
 */
public final class HttpRouter {

    private final Map<String, HttpRoute> routes;

    public HttpRouter(Map<String, HttpRoute> routes) {
        this.routes = Map.copyOf(routes);
    }

    /** What etcd answers on every client port but for metrics and the JSON gateway. */
    public static HttpRouter ofProbes(NodeHealth node) {
        return ofProbes(node, ProbeListener.NONE);
    }

    /** The same, with somebody who hears how probes came out. */
    public static HttpRouter ofProbes(NodeHealth node, ProbeListener listener) {
        return new HttpRouter(probes(node, listener)).with(Map.of("/version", HttpRoute.get(new VersionRoute(node))));
    }

    /** The probes alone, by their paths. */
    public static Map<String, HttpRoute> probes(NodeHealth node, ProbeListener listener) {
        var routes = new LinkedHashMap<String, HttpRoute>();
        routes.put("/health", HttpRoute.get(new HealthRoute(node, listener)));
        Checks.live(node, listener).addTo(routes);
        Checks.ready(node, listener).addTo(routes);
        return routes;
    }

    /** The same with more routes. */
    public HttpRouter with(Map<String, HttpRoute> more) {
        var all = new LinkedHashMap<>(routes);
        all.putAll(more);
        return new HttpRouter(all);
    }

    /** Answers the request, now or later. */
    public void serve(HttpRequest request, Consumer<HttpReply> answer) {
        Consumer<HttpReply> openToAll = reply -> answer.accept(allowAnyOrigin(reply));
        if (request.method().equals("OPTIONS")) {
            openToAll.accept(new HttpReply(200, Map.of(), new byte[0], false));
            return;
        }
        HttpRoute route = routes.get(request.path());
        if (route == null) {
            openToAll.accept(HttpReply.text(404, "404 page not found"));
        } else {
            route.serve(request, openToAll);
        }
    }

    private static HttpReply allowAnyOrigin(HttpReply reply) {
        return reply.with("Access-Control-Allow-Headers", "accept, content-type, authorization")
                .with("Access-Control-Allow-Methods", "POST, GET, OPTIONS, PUT, DELETE")
                .with("Access-Control-Allow-Origin", "*");
    }
}
