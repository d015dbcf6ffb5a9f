package dev.keelson.operator.certificates;

import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;

/** The form of a Secret that holds a certificate, its key, and whom to trust. */
final class TlsSecret {
    static final String CERTIFICATE = "tls.crt";
    static final String KEY = "tls.key";
    static final String AUTHORITY = "ca.crt";

    private TlsSecret() {}

    static Secret of(ObjectMeta metadata, KeyPairPem pair, String authorities) {
        return new SecretBuilder()
                .withMetadata(metadata)
                .withType("kubernetes.io/tls")
                .withData(data(pair, authorities))
                .build();
    }

    static Map<String, String> data(KeyPairPem pair, String authorities) {
        Map<String, String> data = new LinkedHashMap<>();
        data.put(CERTIFICATE, encoded(pair.certificate()));
        data.put(KEY, encoded(pair.key()));
        data.put(AUTHORITY, encoded(authorities));
        return data;
    }

    static KeyPairPem pair(Secret secret) {
        return new KeyPairPem(text(secret, CERTIFICATE), text(secret, KEY));
    }

    static String encoded(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.US_ASCII));
    }

    /** What a Secret says under a key; nothing when it does not have it. */
    static String text(Secret secret, String key) {
        String value = secret.getData() == null ? null : secret.getData().get(key);
        return value == null ? "" : new String(Base64.getDecoder().decode(value), StandardCharsets.US_ASCII);
    }
}
