package dev.keelson.operator.certificates;

import dev.keelson.operator.api.KeelsonCluster;
import dev.keelson.operator.api.Labels;
import dev.keelson.operator.certificates.Authorities.Phase;
import dev.keelson.operator.certificates.Handshakes.Peer;
import dev.keelson.operator.dependent.Names;
import dev.keelson.operator.dependent.Owned;
import dev.keelson.operator.kubernetes.Kubernetes;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.Secret;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the Secrets of a cluster's certificates: the authority, one for each member, one for clients. Members read a renewed
 * certificate and a changed list of authorities with the next connection, so nobody is restarted for either. Secrets are read by
 * name and never listed. For one pass.
 */
public final class ManagedCertificates {
    private final Kubernetes kubernetes;
    private final Clock clock;
    private final Rotation rotation;
    /** The Secret of the authority as this pass read or wrote it: who wrote it meanwhile is not overwritten. */
    private @Nullable Secret held;

    public ManagedCertificates(Kubernetes kubernetes, Handshakes handshakes, Clock clock) {
        this.kubernetes = kubernetes;
        this.clock = clock;
        this.rotation = new Rotation(handshakes);
    }

    /**
     * The cluster's authorities. One that nears its end, that the user wants replaced, or whose Secret is gone or damaged, gets a
     * successor, in which nobody ceases to trust anybody.
     */
    public Authorities authorities(KeelsonCluster cluster, List<? extends HasMetadata> members) {
        Secret kept = read(cluster, Names.of(cluster).authoritySecret());
        held = kept;
        Authorities found = kept == null ? null : Authorities.read(kept, clock);
        Instant now = clock.instant();
        String asked = asked(cluster);
        if (found == null) {
            List<String> trusted = trustedByOthers(cluster, members);
            KeyPairPem made = create(cluster);
            Authorities begun = trusted.isEmpty()
                    ? Authorities.only(made, now, asked)
                    : Authorities.introduced(made, null, trusted, now, asked);
            return write(cluster, kept, begun);
        }
        if (found.phase() == Phase.Settled && (isOld(found, now) || !asked.equals(found.asked()))) {
            Authorities begun = Authorities.introduced(create(cluster), found.newest(), found.trusted(), now, asked);
            return write(cluster, kept, begun);
        }
        return found;
    }

    /** What the replacement of an authority that is under way waits for; null when its next phase may begin. */
    public @Nullable String waitsFor(Authorities authorities, List<Peer> serving) {
        return rotation.waitsFor(authorities, serving, clock.instant());
    }

    /** Begins the next phase of the replacement. */
    public Authorities advance(KeelsonCluster cluster, Authorities authorities) {
        Instant now = clock.instant();
        Authorities next =
                authorities.phase() == Phase.Introduced ? authorities.signing(now) : authorities.settled(now);
        return write(cluster, held, next);
    }

    /** Certificates for clients, among them the operator, good for at least a third of their life. */
    public KeyPairPem client(KeelsonCluster cluster, Authorities authorities) {
        Names names = Names.of(cluster);
        return keep(
                Owned.metadata(cluster, names.clientSecret()).build(),
                cluster,
                authorities,
                new Wanted("keelson-client", List.of()));
    }

    /** The certificate by which a member serves and calls. */
    public void member(KeelsonCluster cluster, Authorities authorities, HasMetadata member) {
        Names names = Names.of(cluster);
        String name = member.getMetadata().getName();
        ObjectMeta metadata = Owned.metadata(cluster, names.memberSecret(name))
                .withOwnerReferences(Owned.reference(member))
                .build();
        keep(metadata, cluster, authorities, new Wanted(name, names.certified(name)));
    }

    private KeyPairPem create(KeelsonCluster cluster) {
        Names names = Names.of(cluster);
        return Authority.create(
                        names.cluster() + "." + names.namespace() + " authority since " + clock.instant(), clock)
                .pem();
    }

    private static boolean isOld(Authorities found, Instant now) {
        return !now.isBefore(Leaf.renewal(Pem.certificate(found.newest().certificate())));
    }

    private static String asked(KeelsonCluster cluster) {
        Map<String, String> annotations =
                Objects.requireNonNullElse(cluster.getMetadata().getAnnotations(), Map.of());
        return annotations.getOrDefault(Labels.ROTATE_AUTHORITY, "");
    }

    /** Whom the holders of certificates were told to trust, as far as their Secrets are there. */
    private List<String> trustedByOthers(KeelsonCluster cluster, List<? extends HasMetadata> members) {
        Names names = Names.of(cluster);
        List<String> holders = new ArrayList<>(List.of(names.clientSecret()));
        members.forEach(
                member -> holders.add(names.memberSecret(member.getMetadata().getName())));
        Set<String> trusted = new LinkedHashSet<>();
        for (String holder : holders) {
            Secret secret = read(cluster, holder);
            if (secret != null) {
                trusted.addAll(Pem.current(TlsSecret.text(secret, TlsSecret.AUTHORITY), clock.instant()));
            }
        }
        return List.copyOf(trusted);
    }

    private Authorities write(KeelsonCluster cluster, @Nullable Secret kept, Authorities authorities) {
        Secret secret = kept == null
                ? TlsSecret.of(
                        Owned.metadata(cluster, Names.of(cluster).authoritySecret())
                                .build(),
                        authorities.newest(),
                        authorities.bundle())
                : kept;
        authorities.write(secret);
        if (kept == null) {
            held = kubernetes.create(secret);
        } else {
            held = kubernetes.replace(secret);
        }
        return authorities;
    }

    private KeyPairPem keep(ObjectMeta metadata, KeelsonCluster cluster, Authorities authorities, Wanted wanted) {
        Secret kept = read(cluster, metadata.getName());
        KeyPairPem pair = kept == null ? null : TlsSecret.pair(kept);
        KeyPairPem signer = authorities.signer();
        boolean good = pair != null && Leaf.isGood(pair.certificate(), signer, wanted.hosts(), clock.instant());
        String bundle = authorities.bundle();
        KeyPairPem current = pair != null && good ? pair : issue(signer, wanted, metadata.getName());
        if (good && kept != null && bundle.equals(TlsSecret.text(kept, TlsSecret.AUTHORITY))) {
            return current;
        }
        if (kept == null) {
            kubernetes.create(TlsSecret.of(metadata, current, bundle));
        } else {
            kept.setData(TlsSecret.data(current, bundle));
            kubernetes.replace(kept);
        }
        return current;
    }

    private KeyPairPem issue(@Nullable KeyPairPem signer, Wanted wanted, String holder) {
        if (signer == null) {
            throw new CertificateException(holder + " waits until all members trust the new authority");
        }
        return Authority.read(signer, clock).issue(wanted.commonName(), wanted.hosts());
    }

    private @Nullable Secret read(KeelsonCluster cluster, String name) {
        Secret secret = kubernetes.get(Secret.class, cluster.getMetadata().getNamespace(), name);
        if (secret != null && !Owned.isOf(cluster, secret)) {
            throw new Kubernetes.ConflictException("the Secret " + name + " is not of this cluster");
        }
        return secret;
    }

    /** What a certificate is to say. */
    private record Wanted(String commonName, List<String> hosts) {}
}
