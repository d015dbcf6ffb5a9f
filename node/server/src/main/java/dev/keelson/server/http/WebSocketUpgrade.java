package dev.keelson.server.http;

import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a request asks for a websocket, and what it is once it has one: a request that posts what the client sends.
 *
 * <p>A browser cannot set headers of a websocket, so a token comes as the second of two protocols, or as a cookie.
 */
final class WebSocketUpgrade {

    private static final String PROTOCOL = "sec-websocket-protocol";
    private static final String TOKEN_COOKIE = "token=";
    private static final String BEARER = "Bearer";
    private static final int KEY_BYTES = 16;

    private WebSocketUpgrade() {}

    static boolean isAskedFor(HttpRequest request) {
        return request.lists("connection", "upgrade") && request.lists("upgrade", "websocket");
    }

    /** The answer to a request that asks for it in a wrong way, else null. */
    static @Nullable HttpReply refusal(HttpRequest request) {
        if (!request.method().equals("GET")) {
            return HttpReply.text(405, "Method Not Allowed").with("Sec-WebSocket-Version", "13");
        }
        if (!request.lists("sec-websocket-version", "13") || !isKey(request.header("sec-websocket-key"))) {
            return HttpReply.text(400, "Bad Request").with("Sec-WebSocket-Version", "13");
        }
        return null;
    }

    private static boolean isKey(String key) {
        try {
            return Base64.getDecoder().decode(key.strip()).length == KEY_BYTES;
        } catch (IllegalArgumentException _) {
            return false;
        }
    }

    static Map<String, String> acceptance(HttpRequest request) {
        return request.header(PROTOCOL).startsWith(BEARER) ? Map.of("Sec-WebSocket-Protocol", BEARER) : Map.of();
    }

    /** Of the headers only a token goes on. */
    static HttpRequest posting(HttpRequest request) {
        return new HttpRequest("POST", request.path(), request.query(), Map.of())
                .withHeader("host", request.header("host"))
                .withHeader("authorization", token(request));
    }

    private static String token(HttpRequest request) {
        for (String cookies : request.headers().getOrDefault("cookie", List.of())) {
            for (String cookie : cookies.split(";", -1)) {
                if (cookie.strip().startsWith(TOKEN_COOKIE)) {
                    return BEARER + " " + cookie.strip().substring(TOKEN_COOKIE.length());
                }
            }
        }
        String protocols = request.header(PROTOCOL);
        int mark = protocols.indexOf(BEARER + ",");
        return mark < 0
                ? ""
                : BEARER + " " + protocols.substring(mark + BEARER.length() + 1).strip();
    }
}
