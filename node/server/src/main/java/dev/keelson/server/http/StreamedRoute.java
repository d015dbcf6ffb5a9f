package dev.keelson.server.http;

/** Answers requests bit by bit, as their bodies arrive. */
@FunctionalInterface
public interface StreamedRoute {

    /** Takes over the exchange of a request; must not block, as it runs on an event loop. */
    ExchangeListener serve(HttpRequest request, HttpExchange exchange);
}
