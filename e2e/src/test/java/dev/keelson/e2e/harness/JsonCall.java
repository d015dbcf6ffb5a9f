package dev.keelson.e2e.harness;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** One call through the JSON gateway, until the first line of its answer. */
final class JsonCall {

    private static final Duration TIME_MAX = Duration.ofSeconds(20);
    private static final Pattern REFUSAL =
            Pattern.compile("^\\{(?:\"error\":\\{)?\"code\":(\\d+), ?\"message\":\"((?:[^\"\\\\]|\\\\.)*)\"");
    private static final Pattern CANCELED = Pattern.compile("\"cancel_reason\":\"((?:[^\"\\\\]|\\\\.)*)\"");

    /** The numbers of gRPC's codes for what comes before any right: cancelled, deadline, unimplemented, internal, unavailable. */
    private static final Pattern BROKEN = Pattern.compile("1|4|12|13|14");

    private JsonCall() {}

    /**
     * @param base scheme, host and port
     * @param token null for none
     */
    static Outcome make(HttpClient client, String base, @Nullable String token, String path, Message request) {
        var builder = HttpRequest.newBuilder(URI.create(base + path))
                .timeout(TIME_MAX)
                // As every browser and curl do. Without it etcd may take the caller for its own certificate's name, by
                // which
                // its gateway reaches it when it has happened to choose the address under TLS.
                .header("Accept", "*/*")
                .POST(HttpRequest.BodyPublishers.ofString(json(request)));
        if (token != null) {
            builder.header("Authorization", token);
        }
        try {
            HttpResponse<InputStream> response =
                    client.send(builder.build(), HttpResponse.BodyHandlers.ofInputStream());
            try (var body = new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
                return outcome(body.readLine());
            }
        } catch (SSLException refused) {
            return Outcome.of(Verdict.UNREACHABLE, String.valueOf(refused.getMessage()));
        } catch (IOException failure) {
            // Under TLS 1.3 a client hears that it is refused only after it has begun to speak.
            return Outcome.of(base.startsWith("https") ? Verdict.UNREACHABLE : Verdict.BROKEN, failure.toString());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    private static String json(Message request) {
        try {
            return JsonFormat.printer()
                    .omittingInsignificantWhitespace()
                    .preservingProtoFieldNames()
                    .print(request);
        } catch (InvalidProtocolBufferException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static Outcome outcome(@Nullable String answer) {
        String line = answer == null ? "" : answer;
        Matcher refusal = REFUSAL.matcher(line);
        if (refusal.find()) {
            boolean broken = BROKEN.matcher(refusal.group(1)).matches();
            return Outcome.of(broken ? Verdict.BROKEN : Verdict.of(refusal.group(2)), line);
        }
        if (!line.startsWith("{")) {
            Verdict verdict = line.isEmpty() ? Verdict.SILENCED : Verdict.of(line);
            return verdict != Verdict.ALLOWED ? Outcome.of(verdict, line) : Outcome.of(Verdict.BROKEN, line);
        }
        Matcher canceled = CANCELED.matcher(line);
        return canceled.find() ? Outcome.of(Verdict.of(canceled.group(1)), line) : Outcome.of(Verdict.ALLOWED, line);
    }
}
