package dev.keelson.server.http;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * An answer to an HTTP request; the connection adds the date and the length.
 *
 * @param closes the connection ends after it
 */
public record HttpReply(int status, Map<String, String> headers, byte[] body, boolean closes) {

    static final String PLAIN_TEXT = "text/plain; charset=utf-8";

    private static final String JSON = "application/json";

    /** Plain text that ends in a line break and that no browser is to take for anything else. */
    public static HttpReply text(int status, String line) {
        return of(status, PLAIN_TEXT, line + "\n").with("X-Content-Type-Options", "nosniff");
    }

    /** JSON, as it is. */
    public static HttpReply json(int status, byte[] body) {
        return new HttpReply(status, Map.of("Content-Type", JSON), body, false);
    }

    static HttpReply of(int status, String contentType, String body) {
        return new HttpReply(status, Map.of("Content-Type", contentType), body.getBytes(StandardCharsets.UTF_8), false);
    }

    static HttpReply empty(int status) {
        return new HttpReply(status, Map.of(), new byte[0], false);
    }

    /** The same with one header more. */
    public HttpReply with(String header, String value) {
        var more = new LinkedHashMap<>(headers);
        more.put(header, value);
        return new HttpReply(status, more, body, closes);
    }

    /** The same, after which the connection ends. */
    public HttpReply closing() {
        return new HttpReply(status, headers, body, true);
    }
}
