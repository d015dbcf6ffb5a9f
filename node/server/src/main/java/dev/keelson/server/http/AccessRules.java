package dev.keelson.server.http;

import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who may ask over HTTP: under which host names, and from pages of which origins.
 *
 * <p>An empty set and one with {@code *} in it allow all.
 *
 * @param origins that browsers may call from
 * @param hosts names that a request may have for this member, without ports
 */
public record AccessRules(Set<String> origins, Set<String> hosts) {

    private static final String ALL = "*";

    /** What holds when no flag says otherwise. */
    public static final AccessRules OPEN = new AccessRules(Set.of(ALL), Set.of(ALL));

    private static boolean allows(Set<String> allowed, String one) {
        return allowed.isEmpty() || allowed.contains(ALL) || allowed.contains(one);
    }

    /** The answer to a request for a host that is not allowed, else null: a page elsewhere may have made the name up. */
    @Nullable
    HttpReply refusal(HttpRequest request) {
        String host = withoutPort(request.header("host"));
        if (allows(hosts, host)) {
            return null;
        }
        return HttpReply.text(421, """

                etcd received your request, but the Host header was unrecognized.

                To fix this, choose one of the following options:
                - Enable TLS, then any HTTPS request will be allowed.
                - Add the hostname you want to use to the whitelist in settings.
                  - e.g. etcd --host-whitelist %s

                This requirement has been added to help prevent "DNS Rebinding" attacks (CVE-2018-5702).
                """.formatted(quoted(host)));
    }

    private static String withoutPort(String host) {
        int colon = host.lastIndexOf(':');
        if (host.startsWith("[")) {
            int end = host.indexOf("]:");
            return end == colon - 1 && end > 0 ? host.substring(1, end) : host;
        }
        return colon >= 0 && host.indexOf(':') == colon ? host.substring(0, colon) : host;
    }

    private static String quoted(String host) {
        return '"' + host.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }

    /** What tells a browser that the page may read the answer. */
    Map<String, String> headers(HttpRequest request) {
        String origin = request.header("origin");
        String named = allows(origins, ALL) ? ALL : origins.contains(origin) ? origin : "";
        return named.isEmpty()
                ? Map.of()
                : Map.of(
                        "Access-Control-Allow-Headers",
                        "accept, content-type, authorization",
                        "Access-Control-Allow-Methods",
                        "POST, GET, OPTIONS, PUT, DELETE",
                        "Access-Control-Allow-Origin",
                        named);
    }
}
