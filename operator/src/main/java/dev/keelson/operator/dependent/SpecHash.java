package dev.keelson.operator.dependent;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.keelson.operator.api.ClusterSpec;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Digests of the parts of a specification that a running member was started with. A Pod is restarted when one differs, and the
 * names of the parts that do are the reason. How the operator renders a Pod is a part of its own, counted by hand, so that a
 * new operator restarts nobody by accident.
 */
public final class SpecHash {
    /** To be raised when members must be restarted because Pods are rendered in another way. */
    private static final String TEMPLATE = "1";

    private static final int DIGEST_BYTES = 5;
    private static final ObjectMapper JSON =
            new ObjectMapper().configure(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS, true);

    private SpecHash() {}

    public static Map<String, String> of(ClusterSpec spec, String image) {
        Map<String, String> parts = new LinkedHashMap<>();
        parts.put(
                "image", digest(image + spec.image().pullPolicy() + spec.image().pullSecrets()));
        parts.put("resources", digest(spec.resources()));
        parts.put("server", digest(spec.server()));
        parts.put("tls", digest(spec.tls()));
        parts.put("scheduling", digest(spec.scheduling()));
        parts.put("podTemplate", digest(spec.podTemplate()));
        parts.put("template", TEMPLATE);
        return parts;
    }

    /** The parts as an annotation holds them. */
    static String text(Map<String, String> parts) {
        return parts.entrySet().stream()
                .map(part -> part.getKey() + "=" + part.getValue())
                .sorted()
                .collect(Collectors.joining(","));
    }

    /** Reads {@link #text} back; what is not understood counts as another specification. */
    public static Map<String, String> parse(String text) {
        Map<String, String> parts = new LinkedHashMap<>();
        for (String part : text.split(",", -1)) {
            int equals = part.indexOf('=');
            if (equals > 0) {
                parts.put(part.substring(0, equals), part.substring(equals + 1));
            }
        }
        return parts;
    }

    private static String digest(Object part) {
        try {
            byte[] text = JSON.writeValueAsString(part).getBytes(StandardCharsets.UTF_8);
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text);
            return HexFormat.of().formatHex(digest, 0, DIGEST_BYTES);
        } catch (JsonProcessingException | NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
