package dev.keelson.server.grpc;

import io.grpc.InternalMetadata;
import io.grpc.Metadata;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The version of the API that a client states with every call, in the bytes it sent. */
public final class ClientApiVersion {

    private static final Metadata.Key<byte[]> KEY =
            InternalMetadata.keyOf("client-api-version", new InternalMetadata.TrustedAsciiMarshaller<>() {
                @Override
                public byte[] toAsciiString(byte[] value) {
                    return value;
                }

                @Override
                public byte[] parseAsciiString(byte[] serialized) {
                    return serialized;
                }
            });

    private ClientApiVersion() {}

    /** What was stated, null when nothing was. */
    public static byte @Nullable [] of(Metadata headers) {
        return headers.get(KEY);
    }

    /** Whether the bytes are UTF-8. */
    public static boolean isText(byte[] bytes) {
        for (byte each : bytes) {
            if (each < 0) {
                // Re-encoding replaces what was not UTF-8, so that the bytes differ.
                return Arrays.equals(bytes, new String(bytes, StandardCharsets.UTF_8).getBytes(StandardCharsets.UTF_8));
            }
        }
        return true;
    }
}
