package dev.keelson.server.metrics;

import dev.keelson.server.grpc.ClientApiVersion;
import io.grpc.Metadata;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Counts requests by the version that clients state.
 *
 * <p>Clients can state anything, so only the first few distinct versions are told apart.
 *
 * <p>Thread rule: any thread; counting makes no garbage once a version is known.
 */
final class ClientVersions {

    /** Versions told apart; those that come later count as {@link #OTHER}. */
    static final int DISTINCT_MAX = 32;

    private static final byte[] OTHER = "other".getBytes(StandardCharsets.UTF_8);
    private static final byte[] UNKNOWN = "unknown".getBytes(StandardCharsets.UTF_8);

    private volatile Version[] known = {};

    private record Version(byte[] name, LongAdder unary, LongAdder streams) {}

    void count(Metadata headers, boolean stream) {
        byte[] stated = ClientApiVersion.of(headers);
        Version version = find(stated == null || stated.length == 0 ? UNKNOWN : stated);
        (stream ? version.streams() : version.unary()).increment();
    }

    private Version find(byte[] name) {
        Version found = lookUp(name);
        return found != null ? found : add(name);
    }

    private @Nullable Version lookUp(byte[] name) {
        for (Version version : known) {
            if (Arrays.equals(version.name(), name)) {
                return version;
            }
        }
        return null;
    }

    private synchronized Version add(byte[] name) {
        byte[] shown = known.length < DISTINCT_MAX && ClientApiVersion.isText(name) ? name : OTHER;
        Version found = lookUp(shown);
        if (found == null) {
            found = new Version(shown, new LongAdder(), new LongAdder());
            Version[] more = Arrays.copyOf(known, known.length + 1);
            more[known.length] = found;
            known = more;
        }
        return found;
    }

    void collect(Exposition out) {
        var samples = out.samples(
                "etcd_server_client_requests_total",
                Exposition.Type.COUNTER,
                "Requests of clients, by the version of the API they state.");
        for (Version version : known) {
            Labels labels = Labels.of("client_api_version", new String(version.name(), StandardCharsets.UTF_8));
            if (version.streams().sum() > 0) {
                samples.add(labels.and("type", "stream"), version.streams().sum());
            }
            if (version.unary().sum() > 0) {
                samples.add(labels.and("type", "unary"), version.unary().sum());
            }
        }
    }
}
