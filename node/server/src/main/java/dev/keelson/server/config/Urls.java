package dev.keelson.server.config;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** Lists of URLs as flags give them. */
final class Urls {

    private static final Pattern ORIGIN = Pattern.compile("https?://[^/?#@\\s]+");

    private static final String ALL_INTERFACES = "https?://:\\d+";
    private static final String UNIX = "unixs?";
    private static final String LOCALHOST = "localhost";

    private Urls() {}

    /** The URLs of a flag, each checked, in order. */
    static List<String> parse(FlagValues flags, String flag) {
        var urls = new ArrayList<String>();
        for (String url : flags.text(flag).split(",", -1)) {
            urls.add(check(flag, url.strip()));
        }
        return urls;
    }

    /** The same for URLs by which others find this member: each names a host. */
    static List<String> parseAdvertised(FlagValues flags, String flag) {
        List<String> urls = parse(flags, flag);
        for (String url : urls) {
            if (url.matches(ALL_INTERFACES)) {
                throw bad(flag, url, "URL has no host for others to go to; give a name or an address of this machine");
            }
        }
        return urls;
    }

    /** The URL as it was given, once it is known to be one a member can use. */
    static String check(String flag, String url) {
        URI parsed = uri(flag, url);
        String scheme = parsed.getScheme();
        if (scheme != null && scheme.matches(UNIX)) {
            throw bad(flag, url, "there are no Unix sockets in this version; give a URL such as http://127.0.0.1:2379");
        }
        if (scheme == null || !(scheme.equals("http") || scheme.equals("https"))) {
            throw bad(flag, url, "URL scheme must be http or https; give a URL such as http://127.0.0.1:2379");
        }
        if (parsed.getHost() == null && !url.matches(ALL_INTERFACES)) {
            throw bad(flag, url, "URL has no host; give one such as http://127.0.0.1:2379");
        }
        if (parsed.getPort() < 0 && !url.matches(ALL_INTERFACES)) {
            throw bad(flag, url, "URL must have a port, as in http://127.0.0.1:2379");
        }
        if (parsed.getPath() != null && !parsed.getPath().isEmpty()) {
            throw bad(flag, url, "URL must not contain a path; leave it out");
        }
        return url;
    }

    /** A URL to listen on names an address of this machine, not a host that could be anywhere. */
    static URI listenable(String flag, String url) {
        if (url.matches(ALL_INTERFACES)) {
            return uri(flag, url.replaceFirst("://:", "://0.0.0.0:"));
        }
        URI parsed = uri(flag, url);
        String host = parsed.getHost();
        boolean address = host.matches("[0-9.]+") || host.startsWith("[");
        if (!address && !host.equals(LOCALHOST)) {
            throw bad(flag, url, "expected an IP address to listen on; give one, or 0.0.0.0 for all");
        }
        return parsed;
    }

    /** The origins of a flag: what a browser names the site of a page by. */
    static Set<String> origins(String flag, String given) {
        var origins = new TreeSet<String>();
        for (String each : given.split(",", -1)) {
            String origin = each.strip();
            if (!ORIGIN.matcher(origin).matches()) {
                throw FlagException.syntax("invalid value \"" + given + "\" for --" + flag
                        + ": give * or origins such as http://example.com:8080, separated by commas");
            }
            origins.add(origin);
        }
        return origins;
    }

    private static URI uri(String flag, String url) {
        try {
            return new URI(url);
        } catch (URISyntaxException malformed) {
            throw bad(flag, url, malformed.getReason() + "; give a URL such as http://127.0.0.1:2379");
        }
    }

    private static FlagException bad(String flag, String url, String why) {
        return new FlagException("--" + flag + "=" + url + ": " + why);
    }
}
