package dev.keelson.e2e.harness;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Requests over HTTP, one a line of a resource; {@code gateway.script} begins with what a line may hold. */
public final class GatewayScript {

    private static final Pattern LINE = Pattern.compile("([A-Z]+)(?: ~(\\d+))?((?: \\[.*?])*?) (/\\S*)(?: (.*))?");
    private static final Pattern HEADER = Pattern.compile("\\[(.*?: .*?)]");
    private static final Pattern REPEATED = Pattern.compile("<(.*?)\\*(\\d+)>");
    private static final Pattern ESCAPE = Pattern.compile("\\\\(x[0-9a-f]{2}|n|\\\\)");
    private static final String FOR_ETCD_ALONE = "? ";

    private static final List<String> COMPARED_HEADERS = List.of(
            "access-control-allow-headers",
            "access-control-allow-methods",
            "access-control-allow-origin",
            "allow",
            "content-type",
            "grpc-metadata-content-type",
            "location",
            "sec-websocket-accept",
            "sec-websocket-protocol",
            "sec-websocket-version",
            "www-authenticate",
            "x-content-type-options");

    private final List<String> lines;

    private GatewayScript(List<String> lines) {
        this.lines = lines;
    }

    public static GatewayScript read(String resource) {
        return new GatewayScript(Resource.lines(resource));
    }

    public int size() {
        return lines.size();
    }

    /** The requests that are put to etcd alone. */
    public List<String> forEtcdAlone() {
        return lines.stream().filter(line -> line.startsWith(FOR_ETCD_ALONE)).toList();
    }

    /**
     * Runs it against a member.
     *
     * @param isEtcd whether requests for etcd alone are put to it, too
     * @return each request with its answer, those for etcd alone without one
     */
    public List<String> run(Member member, boolean isEtcd) {
        int port =
                Integer.parseInt(member.endpoint().substring(member.endpoint().lastIndexOf(':') + 1));
        var transcript = new ArrayList<String>();
        for (String line : lines) {
            boolean alone = line.startsWith(FOR_ETCD_ALONE);
            String request = alone ? line.substring(FOR_ETCD_ALONE.length()) : line;
            String answer = alone && !isEtcd ? "" : answer(port, request);
            transcript.add("> " + line + "\n" + (alone ? "not compared" : answer) + "\n");
        }
        return transcript;
    }

    private static String answer(int port, String line) {
        Matcher words = LINE.matcher(line);
        if (!words.matches()) {
            throw new IllegalArgumentException("not a request: " + line);
        }
        int parts = words.group(2) == null ? 0 : Integer.parseInt(words.group(2));
        String body = bytes(Objects.requireNonNullElse(words.group(5), ""));
        boolean socket = words.group(1).equals("WS");
        String head = head(socket ? "GET" : words.group(1), words.group(4), words.group(3), port);
        try (var talk = new HttpTalk(port)) {
            HttpTalk.Answer answer = socket
                    ? talk.converse(head, Arrays.asList(body.split(" \\|\\| ", -1)), parts)
                    : talk.ask(head, body, parts);
            return normalized(answer);
        } catch (IOException failure) {
            return failure.toString();
        }
    }

    private static String head(String method, String path, @Nullable String given, int port) {
        String headers = HEADER.matcher(Objects.requireNonNullElse(given, ""))
                .results()
                .map(header -> header.group(1) + "\r\n")
                .collect(Collectors.joining());
        String host = headers.contains("Host: ") ? "" : "Host: 127.0.0.1:" + port + "\r\n";
        return method + " " + path + " HTTP/1.1\r\n" + host + headers;
    }

    private static String bytes(String text) {
        return ESCAPE.matcher(REPEATED.matcher(text).replaceAll(GatewayScript::repeat))
                .replaceAll(GatewayScript::unescape);
    }

    private static String repeat(MatchResult found) {
        return Matcher.quoteReplacement(found.group(1).repeat(Integer.parseInt(found.group(2))));
    }

    private static String unescape(MatchResult found) {
        String escape = found.group(1);
        return Matcher.quoteReplacement(
                switch (escape.charAt(0)) {
                    case 'x' -> String.valueOf((char) Integer.parseInt(escape.substring(1), 16));
                    case 'n' -> "\n";
                    default -> "\\";
                });
    }

    private static String normalized(HttpTalk.Answer answer) {
        String headers = answer.headers().entrySet().stream()
                .filter(header -> COMPARED_HEADERS.contains(header.getKey()))
                .map(header -> header.getKey() + ": " + header.getValue() + "\n")
                .collect(Collectors.joining());
        String status = answer.status().replaceFirst("HTTP/1.\\d (\\d+).*", "$1");
        return status + "\n" + headers + AnswerBody.normalized(answer.body());
    }

    /** What differs from run to run, or is allowed to differ between servers, made equal. */
    private static final class AnswerBody {

        private static final Pattern STRING_OR_SPACE = Pattern.compile("\"(?:[^\"\\\\]++|\\\\.)*+\"|\\s+");
        private static final Pattern NUMBER = Pattern.compile(
                "\"(raft_term|raftTerm|raftIndex|raftAppliedIndex|dbSize|dbSizeInUse|leader)\":\"\\d+\"");
        private static final Pattern HASH_OF_FILE = Pattern.compile("},\"hash\":\\d+}$");
        private static final Pattern GIVEN_LEASE = Pattern.compile("\"ID\":\"\\d{6,}\"");

        private static final Pattern TIME_LEFT = Pattern.compile("\"TTL\":\"59\\d\"");

        private AnswerBody() {}

        static String normalized(String body) {
            if (body.startsWith("[")) {
                // etcd runs the checks of a probe in any order.
                return body.lines().sorted().collect(Collectors.joining("\n"));
            }
            return body.startsWith("{") ? json(body) : body;
        }

        /** Go's encoder puts spaces where it likes, and in some answers escapes what HTML would take for its own. */
        private static String json(String body) {
            String compact = STRING_OR_SPACE
                    .matcher(body)
                    .replaceAll(found -> found.group().startsWith("\"")
                            ? Matcher.quoteReplacement(found.group())
                            : found.group().contains("\n") ? "\n" : "");
            String plain = compact.replace('\u00a0', ' ')
                    .replace("\\u003c", "<")
                    .replace("\\u003e", ">")
                    .replace("\\u0026", "&");
            // Whichever end of etcd's inner connection notices the deadline first words the error.
            plain = plain.replace(
                    "{\"code\":4,\"message\":\"stream terminated by RST_STREAM with error code: CANCEL\"}",
                    "{\"code\":4,\"message\":\"context deadline exceeded\"}");
            String hidden = NUMBER.matcher(plain).replaceAll("\"$1\":\"#\"");
            hidden = HASH_OF_FILE.matcher(hidden).replaceAll("},\"hash\":#}");
            hidden = TIME_LEFT.matcher(hidden).replaceAll("\"TTL\":\"600\"");
            return GIVEN_LEASE.matcher(hidden).replaceAll("\"ID\":\"#\"");
        }
    }
}
