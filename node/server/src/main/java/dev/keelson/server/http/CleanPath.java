package dev.keelson.server.http;

import java.util.ArrayDeque;

/** Paths without doubled slashes and dots; a request for another one is sent to it. */
final class CleanPath {

    private CleanPath() {}

    static String of(String path) {
        var parts = new ArrayDeque<String>();
        for (String part : path.split("/", -1)) {
            switch (part) {
                case "", "." -> {}
                case ".." -> parts.pollLast();
                default -> parts.add(part);
            }
        }
        String clean = "/" + String.join("/", parts);
        return path.endsWith("/") && clean.length() > 1 ? clean + "/" : clean;
    }

    static HttpReply redirect(String method, String to) {
        var reply = HttpReply.empty(307).with("Location", to);
        if (!method.equals("GET") && !method.equals("HEAD")) {
            return reply;
        }
        String shown = to.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&#34;")
                .replace("'", "&#39;");
        return HttpReply.of(307, "text/html; charset=utf-8", "<a href=\"" + shown + "\">Temporary Redirect</a>.\n\n")
                .with("Location", to);
    }
}
