package dev.keelson.server.http;

import java.util.List;
import java.util.Map;

/**
 * A request as the routes see it.
 *
 * @param method in capitals
 * @param path decoded, without the query
 * @param query decoded parameters; one without a value has the empty text
 * @param body empty when there was none
 */
public record HttpRequest(String method, String path, Map<String, List<String>> query, byte[] body) {

    boolean has(String parameter) {
        return query.containsKey(parameter);
    }

    List<String> all(String parameter) {
        return query.getOrDefault(parameter, List.of());
    }
}
