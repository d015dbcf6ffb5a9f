package dev.keelson.operator.certificates;

import dev.keelson.operator.api.KeelsonCluster;
import dev.keelson.operator.dependent.Names;
import dev.keelson.operator.dependent.Owned;
import dev.keelson.operator.kubernetes.Kubernetes;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the Secrets of a cluster's certificates: the authority, one for each member, one for clients. Members read a renewed
 * certificate with the next connection, so nobody is restarted for it. Secrets are read by name and never listed.
 */
public final class Certificates {
    private static final String CERTIFICATE = "tls.crt";
    private static final String KEY = "tls.key";
    private static final String AUTHORITY = "ca.crt";

    private final Kubernetes kubernetes;
    private final Clock clock;

    public Certificates(Kubernetes kubernetes, Clock clock) {
        this.kubernetes = kubernetes;
        this.clock = clock;
    }

    /** The cluster's authority; made when there is none, and never replaced when there is. */
    public KeyPairPem authority(KeelsonCluster cluster) {
        Names names = Names.of(cluster);
        Secret kept = read(cluster, names.authoritySecret());
        if (kept != null) {
            return pair(kept);
        }
        KeyPairPem made = Authority.create(names.cluster() + "." + names.namespace() + " authority", clock)
                .pem();
        kubernetes.create(
                secret(Owned.metadata(cluster, names.authoritySecret()).build(), made, made.certificate()));
        return made;
    }

    /** Certificates for clients, among them the operator, good for at least a third of their life. */
    public KeyPairPem client(KeelsonCluster cluster, KeyPairPem authority) {
        Names names = Names.of(cluster);
        return keep(
                Owned.metadata(cluster, names.clientSecret()).build(),
                cluster,
                authority,
                new Wanted("keelson-client", List.of()));
    }

    /** The certificate by which a member serves and calls. */
    public void member(KeelsonCluster cluster, KeyPairPem authority, HasMetadata member) {
        Names names = Names.of(cluster);
        String name = member.getMetadata().getName();
        ObjectMeta metadata = Owned.metadata(cluster, names.memberSecret(name))
                .withOwnerReferences(Owned.reference(member))
                .build();
        keep(metadata, cluster, authority, new Wanted(name, hosts(names, name)));
    }

    private static List<String> hosts(Names names, String member) {
        String peers = names.peersService() + "." + names.namespace() + ".svc";
        String clients = names.clientService() + "." + names.namespace();
        return List.of(
                names.host(member),
                "*." + peers,
                "*." + peers + ".cluster.local",
                names.clientService(),
                clients,
                clients + ".svc",
                clients + ".svc.cluster.local",
                "localhost",
                "127.0.0.1");
    }

    private KeyPairPem keep(ObjectMeta metadata, KeelsonCluster cluster, KeyPairPem authority, Wanted wanted) {
        Secret kept = read(cluster, metadata.getName());
        if (kept != null) {
            KeyPairPem pair = pair(kept);
            if (Leaf.isGood(pair.certificate(), authority, wanted.hosts(), clock.instant())) {
                return pair;
            }
        }
        KeyPairPem issued = Authority.read(authority, clock).issue(wanted.commonName(), wanted.hosts());
        Secret secret = secret(metadata, issued, authority.certificate());
        if (kept == null) {
            kubernetes.create(secret);
        } else {
            kept.setData(secret.getData());
            kubernetes.replace(kept);
        }
        return issued;
    }

    private @Nullable Secret read(KeelsonCluster cluster, String name) {
        Secret secret = kubernetes.get(Secret.class, cluster.getMetadata().getNamespace(), name);
        if (secret != null && !Owned.isOf(cluster, secret)) {
            throw new Kubernetes.ConflictException("the Secret " + name + " is not of this cluster");
        }
        return secret;
    }

    private static Secret secret(ObjectMeta metadata, KeyPairPem pair, String authority) {
        Map<String, String> data = new LinkedHashMap<>();
        data.put(CERTIFICATE, encode(pair.certificate()));
        data.put(KEY, encode(pair.key()));
        data.put(AUTHORITY, encode(authority));
        return new SecretBuilder()
                .withMetadata(metadata)
                .withType("kubernetes.io/tls")
                .withData(data)
                .build();
    }

    private static KeyPairPem pair(Secret secret) {
        return new KeyPairPem(decode(secret, CERTIFICATE), decode(secret, KEY));
    }

    private static String encode(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static String decode(Secret secret, String key) {
        String value = secret.getData() == null ? null : secret.getData().get(key);
        return value == null ? "" : new String(Base64.getDecoder().decode(value), StandardCharsets.US_ASCII);
    }

    /** What a certificate is to say. */
    private record Wanted(String commonName, List<String> hosts) {}
}
