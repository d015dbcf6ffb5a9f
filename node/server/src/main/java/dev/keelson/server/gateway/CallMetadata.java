package dev.keelson.server.gateway;

import dev.keelson.server.http.HttpRequest;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusException;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/** What the headers of a request say to the call that it makes. */
final class CallMetadata {

    /** The time-out of a call that has none. */
    static final long FOREVER_NANOS = Long.MAX_VALUE;

    private static final String PREFIX = "grpc-metadata-";
    private static final String BINARY = Metadata.BINARY_HEADER_SUFFIX;
    private static final String TIMEOUT = "grpc-timeout";
    private static final Pattern NAME = Pattern.compile("[0-9a-z._-]+");
    private static final Pattern VALUE = Pattern.compile("[ -~]*");
    private static final Pattern DURATION = Pattern.compile("([+-]?\\d{1,18})([HMSmun])");
    private static final Pattern NOT_BASE64 = Pattern.compile("[^A-Za-z0-9+/]");
    private static final Map<String, TimeUnit> UNITS = Map.of(
            "H", TimeUnit.HOURS,
            "M", TimeUnit.MINUTES,
            "S", TimeUnit.SECONDS,
            "m", TimeUnit.MILLISECONDS,
            "u", TimeUnit.MICROSECONDS,
            "n", TimeUnit.NANOSECONDS);

    private CallMetadata() {}

    /** The authorization and all that is marked as metadata; what gRPC could not carry is left out. */
    static Metadata of(HttpRequest request) throws StatusException {
        var metadata = new Metadata();
        for (String value : request.headers().getOrDefault("authorization", List.of())) {
            putText(metadata, "authorization", value);
        }
        for (var header : request.headers().entrySet()) {
            if (!header.getKey().startsWith(PREFIX)) {
                continue;
            }
            String name = header.getKey().substring(PREFIX.length());
            for (String value : header.getValue()) {
                put(metadata, name, value);
            }
        }
        return metadata;
    }

    private static void put(Metadata metadata, String name, String value) throws StatusException {
        if (!NAME.matcher(name).matches()) {
            return;
        }
        if (name.endsWith(BINARY)) {
            metadata.put(Metadata.Key.of(name, Metadata.BINARY_BYTE_MARSHALLER), bytes(name, value));
        } else {
            putText(metadata, name, value);
        }
    }

    private static void putText(Metadata metadata, String name, String value) {
        if (VALUE.matcher(value).matches()) {
            metadata.put(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER), value);
        }
    }

    private static byte[] bytes(String name, String value) throws StatusException {
        try {
            return Base64.getDecoder().decode(value);
        } catch (IllegalArgumentException _) {
            var wrong = NOT_BASE64.matcher(value);
            int at = wrong.find() ? wrong.start() : value.length();
            throw Status.INVALID_ARGUMENT
                    .withDescription("invalid binary header " + canonical(PREFIX + name)
                            + ": illegal base64 data at input byte " + at)
                    .asException();
        }
    }

    /** With a capital at the start of each word, as HTTP headers are shown. */
    private static String canonical(String header) {
        var shown = new StringBuilder(header);
        for (int i = 0; i < shown.length(); i++) {
            if (i == 0 || shown.charAt(i - 1) == '-') {
                shown.setCharAt(i, Character.toUpperCase(shown.charAt(i)));
            }
        }
        return shown.toString();
    }

    /** How long the call may take; forever without a header that says so. */
    static long timeoutNanos(HttpRequest request) throws StatusException {
        String given = request.header(TIMEOUT);
        if (given.isEmpty()) {
            return FOREVER_NANOS;
        }
        var duration = DURATION.matcher(given);
        if (!duration.matches()) {
            throw Status.INVALID_ARGUMENT
                    .withDescription("invalid grpc-timeout: " + given)
                    .asException();
        }
        TimeUnit unit = UNITS.getOrDefault(duration.group(2), TimeUnit.NANOSECONDS);
        long nanos = unit.toNanos(Long.parseLong(duration.group(1)));
        // None at all, for grpc-gateway takes zero for not given.
        return nanos == 0 ? FOREVER_NANOS : nanos;
    }
}
