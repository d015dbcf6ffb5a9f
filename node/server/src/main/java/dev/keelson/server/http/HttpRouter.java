package dev.keelson.server.http;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds the route of a path: one of its own, exactly as written, or the JSON gateway for all below {@code /v3/}.
 *
 * <p>Before that it looks whether the client may ask at all, names the origins that may read the answer, and answers what
 * browsers ask beforehand.
 *
 * <p>Thread rule: immutable.
 */
public final class HttpRouter implements StreamedRoute {

    private static final String GATEWAY = "/v3/";
    private static final String OLDER_GATEWAY = "/v3beta/";

    private final Map<String, HttpRoute> routes;
    private final @Nullable StreamedRoute gateway;
    private final AccessRules rules;

    private HttpRouter(Map<String, HttpRoute> routes, @Nullable StreamedRoute gateway, AccessRules rules) {
        this.routes = Map.copyOf(routes);
        this.gateway = gateway;
        this.rules = rules;
    }

    /** Only these routes, open to all. */
    public HttpRouter(Map<String, HttpRoute> routes) {
        this(routes, null, AccessRules.OPEN);
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
        return new HttpRouter(all, gateway, rules);
    }

    /** The same with a gateway for all paths below {@code /v3/}. */
    public HttpRouter withGateway(StreamedRoute added) {
        return new HttpRouter(routes, added, rules);
    }

    /** The same for those only whom the rules allow. */
    public HttpRouter withRules(AccessRules others) {
        return new HttpRouter(routes, gateway, others);
    }

    @Override
    public ExchangeListener serve(HttpRequest request, HttpExchange exchange) {
        HttpReply refusal = rules.refusal(request);
        if (refusal == null) {
            rules.headers(request).forEach(exchange::header);
            return serveAllowed(modern(request), exchange);
        }
        exchange.reply(refusal);
        return ExchangeListener.NONE;
    }

    private static HttpRequest modern(HttpRequest request) {
        String path = request.path();
        return path.startsWith(OLDER_GATEWAY)
                ? request.withPath(GATEWAY + path.substring(OLDER_GATEWAY.length()))
                : request;
    }

    private ExchangeListener serveAllowed(HttpRequest request, HttpExchange exchange) {
        String path = request.path();
        HttpRoute route = routes.get(path);
        String clean = gateway != null && path.equals("/v3") ? GATEWAY : CleanPath.of(path);
        if (request.method().equals("OPTIONS")) {
            exchange.reply(HttpReply.empty(200));
        } else if (!clean.equals(path)) {
            exchange.reply(CleanPath.redirect(request.method(), clean));
        } else if (route != null) {
            route.serve(request, reply -> exchange.loop().execute(() -> exchange.reply(reply)));
        } else if (gateway != null && path.startsWith(GATEWAY)) {
            return serveGateway(gateway, request, exchange);
        } else {
            exchange.reply(HttpReply.text(404, "404 page not found"));
        }
        return ExchangeListener.NONE;
    }

    private static ExchangeListener serveGateway(StreamedRoute gateway, HttpRequest request, HttpExchange exchange) {
        if (!WebSocketUpgrade.isAskedFor(request)) {
            return gateway.serve(request, exchange);
        }
        HttpReply refusal = WebSocketUpgrade.refusal(request);
        if (refusal == null) {
            exchange.upgrade(WebSocketUpgrade.acceptance(request), WebSocketUpgrade.posting(request), gateway);
        } else {
            exchange.reply(refusal);
        }
        return ExchangeListener.NONE;
    }
}
