package dev.keelson.server.http;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * A request as the routes see it, without its body.
 *
 * @param method in capitals
 * @param path decoded, without the query
 * @param query decoded parameters; one without a value has the empty text
 * @param headers by name in lower case, each with its values in order
 */
public record HttpRequest(
        String method, String path, Map<String, List<String>> query, Map<String, List<String>> headers) {

    /** One without headers. */
    public HttpRequest(String method, String path, Map<String, List<String>> query) {
        this(method, path, query, Map.of());
    }

    boolean has(String parameter) {
        return query.containsKey(parameter);
    }

    List<String> all(String parameter) {
        return query.getOrDefault(parameter, List.of());
    }

    /** The first value of a header, or the empty text. */
    public String header(String name) {
        List<String> values = headers.getOrDefault(name, List.of());
        return values.isEmpty() ? "" : values.getFirst();
    }

    /** The same with one header set to one value, or without it where that is empty. */
    public HttpRequest withHeader(String name, String value) {
        var more = new TreeMap<>(headers);
        if (value.isEmpty()) {
            more.remove(name);
        } else {
            more.put(name, List.of(value));
        }
        return new HttpRequest(method, path, query, more);
    }

    HttpRequest withMethod(String other) {
        return new HttpRequest(other, path, query, headers);
    }

    HttpRequest withPath(String other) {
        return new HttpRequest(method, other, query, headers);
    }

    /** Whether a header that lists words has this one, in whatever case. */
    boolean lists(String header, String word) {
        for (String value : headers.getOrDefault(header, List.of())) {
            for (String each : value.split(",", -1)) {
                if (each.strip().toLowerCase(Locale.ROOT).equals(word)) {
                    return true;
                }
            }
        }
        return false;
    }
}
