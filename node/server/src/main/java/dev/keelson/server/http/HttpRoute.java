package dev.keelson.server.http;

import java.util.function.Consumer;

/** Answers the requests of one path. */
@FunctionalInterface
public interface HttpRoute {

    /**
     * Must not block: it runs on an event loop.
     *
     * @param answer called once, on any thread
     */
    void serve(HttpRequest request, Consumer<HttpReply> answer);

    /** A route that only answers GET, as etcd's do. */
    static HttpRoute get(HttpRoute route) {
        return (request, answer) -> {
            if (request.method().equals("GET")) {
                route.serve(request, answer);
            } else {
                answer.accept(HttpReply.text(405, "Method Not Allowed").with("Allow", "GET"));
            }
        };
    }
}
