package dev.keelson.server.port;

import dev.keelson.server.http.HttpReply;
import dev.keelson.server.http.HttpRequest;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The head of a request as it came in, and what is wrong with it. */
final class RequestHead {

    private static final Pattern ORIGIN = Pattern.compile("^[A-Za-z][A-Za-z0-9+.-]*://[^/?#]*");

    private RequestHead() {}

    /** The form in which routes see it, or null when it is malformed. */
    static @Nullable HttpRequest translate(io.netty.handler.codec.http.HttpRequest head) {
        if (head.decoderResult().isFailure()) {
            return null;
        }
        var uri = new QueryStringDecoder(ORIGIN.matcher(head.uri()).replaceFirst(""));
        try {
            return new HttpRequest(head.method().name(), uri.path(), uri.parameters(), headers(head));
        } catch (IllegalArgumentException _) {
            // A percent sign that is no escape.
            return null;
        }
    }

    private static Map<String, List<String>> headers(io.netty.handler.codec.http.HttpRequest head) {
        var headers = new TreeMap<String, List<String>>();
        for (var header : head.headers()) {
            headers.computeIfAbsent(header.getKey().toLowerCase(Locale.ROOT), _ -> new ArrayList<>())
                    .add(header.getValue());
        }
        return headers;
    }

    static HttpReply malformed(io.netty.handler.codec.http.HttpRequest head) {
        boolean tooLong = head.decoderResult().cause() instanceof TooLongFrameException;
        String line = tooLong ? "431 Request Header Fields Too Large" : "400 Bad Request";
        return HttpReply.text(tooLong ? 431 : 400, line).closing();
    }

    /** The answer to a well-formed request that HTTP does not allow, else null. */
    static @Nullable HttpReply refusal(io.netty.handler.codec.http.HttpRequest head) {
        boolean named = head.headers().contains(HttpHeaderNames.HOST);
        return named || head.protocolVersion().equals(HttpVersion.HTTP_1_0)
                ? null
                : HttpReply.text(400, "400 Bad Request: missing required Host header")
                        .closing();
    }
}
