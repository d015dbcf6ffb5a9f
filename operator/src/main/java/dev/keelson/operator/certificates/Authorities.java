package dev.keelson.operator.certificates;

import dev.keelson.operator.api.Labels;
import io.fabric8.kubernetes.api.model.Secret;
import java.time.Clock;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The authorities of a cluster, as one Secret holds them. One is replaced in three phases, each begun by one write of that Secret:
 * the new one is <em>introduced</em>, which makes everybody trust it beside the former; when all do, it is <em>signing</em>, and
 * everybody gets a certificate by it; when all show theirs, the former is dropped. The key of the former may be lost: then
 * nothing new is signed before the new one signs.
 *
 * @param asked the request of the user that the newest one came of, if it did
 */
public record Authorities(
        KeyPairPem newest,
        @Nullable KeyPairPem former,
        List<String> trusted,
        Phase phase,
        Instant since,
        String asked) {
    private static final String FORMER_CERTIFICATE = "former.crt";
    private static final String FORMER_KEY = "former.key";

    public Authorities {
        trusted = List.copyOf(trusted);
    }

    /** How far the newest authority has got. */
    public enum Phase {
        Introduced,
        Signing,
        Settled
    }

    static Authorities only(KeyPairPem pair, Instant now, String asked) {
        return new Authorities(pair, null, List.of(pair.certificate()), Phase.Settled, now, asked);
    }

    /** A new one is trusted beside those that were. */
    static Authorities introduced(
            KeyPairPem made, @Nullable KeyPairPem former, List<String> trusted, Instant now, String asked) {
        List<String> all = new ArrayList<>(trusted);
        all.add(made.certificate());
        return new Authorities(made, former, all, Phase.Introduced, now, asked);
    }

    Authorities signing(Instant now) {
        return new Authorities(newest, former, trusted, Phase.Signing, now, asked);
    }

    Authorities settled(Instant now) {
        return only(newest, now, asked);
    }

    /** Whom everybody trusts. */
    public String bundle() {
        return String.join("", trusted);
    }

    /** By whom certificates are signed now; null while that key is lost. */
    @Nullable
    KeyPairPem signer() {
        return phase == Phase.Introduced ? former : newest;
    }

    void write(Secret secret) {
        Map<String, String> data = new LinkedHashMap<>(TlsSecret.data(newest, bundle()));
        if (former != null) {
            data.put(FORMER_CERTIFICATE, TlsSecret.encoded(former.certificate()));
            data.put(FORMER_KEY, TlsSecret.encoded(former.key()));
        }
        secret.setData(data);
        Map<String, String> annotations = new LinkedHashMap<>(
                Objects.requireNonNullElse(secret.getMetadata().getAnnotations(), Map.of()));
        annotations.put(Labels.AUTHORITY_PHASE, phase.name());
        annotations.put(Labels.AUTHORITY_SINCE, since.toString());
        annotations.put(Labels.ROTATE_AUTHORITY, asked);
        secret.getMetadata().setAnnotations(annotations);
    }

    /** Null when the Secret does not hold an authority that could sign. */
    static @Nullable Authorities read(Secret secret, Clock clock) {
        KeyPairPem newest = TlsSecret.pair(secret);
        Map<String, String> annotations =
                Objects.requireNonNullElse(secret.getMetadata().getAnnotations(), Map.of());
        try {
            Authority.read(newest, clock);
            String former = TlsSecret.text(secret, FORMER_KEY);
            return new Authorities(
                    newest,
                    former.isEmpty() ? null : new KeyPairPem(TlsSecret.text(secret, FORMER_CERTIFICATE), former),
                    Pem.current(TlsSecret.text(secret, TlsSecret.AUTHORITY), clock.instant()),
                    Phase.valueOf(annotations.getOrDefault(Labels.AUTHORITY_PHASE, Phase.Settled.name())),
                    Instant.parse(annotations.getOrDefault(Labels.AUTHORITY_SINCE, Instant.EPOCH.toString())),
                    annotations.getOrDefault(Labels.ROTATE_AUTHORITY, ""));
        } catch (CertificateException | IllegalArgumentException | DateTimeParseException e) {
            System.getLogger(Authorities.class.getName())
                    .log(System.Logger.Level.WARNING, "the authority in {0} cannot be used: {1}", name(secret), e);
            return null;
        }
    }

    private static String name(Secret secret) {
        return secret.getMetadata().getNamespace() + "/" + secret.getMetadata().getName();
    }
}
