package dev.keelson.operator.execute;

import dev.keelson.operator.api.KeelsonCluster;
import dev.keelson.operator.api.KeelsonMember;
import dev.keelson.operator.api.TlsSpec;
import dev.keelson.operator.api.TlsSpec.IssuerRef;
import dev.keelson.operator.certificates.Authorities;
import dev.keelson.operator.certificates.GivenCertificates;
import dev.keelson.operator.certificates.Handshakes;
import dev.keelson.operator.certificates.Handshakes.Peer;
import dev.keelson.operator.certificates.KeyPairPem;
import dev.keelson.operator.certificates.ManagedCertificates;
import dev.keelson.operator.dependent.Names;
import dev.keelson.operator.execute.Observer.Resources;
import dev.keelson.operator.kubernetes.Kubernetes;
import dev.keelson.operator.status.Failure.Kind;
import dev.keelson.operator.store.Stores.Credentials;
import java.time.Clock;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Sees to what protects the connections of one cluster. It comes before anything else in a pass, and goes on while all else is
 * paused or fails. For one pass.
 */
final class Protection {
    private final ManagedCertificates managed;
    private final GivenCertificates given;
    private final Failures failures;
    private @Nullable Credentials credentials;
    private @Nullable String progress;

    Protection(Kubernetes kubernetes, Handshakes handshakes, Clock clock, Failures failures) {
        this.managed = new ManagedCertificates(kubernetes, handshakes, clock);
        this.given = new GivenCertificates(kubernetes);
        this.failures = failures;
    }

    /** What lets the operator in; null where TLS is off, or as long as it cannot be had. */
    @Nullable
    Credentials credentials() {
        return credentials;
    }

    /** What a replacement of the authority waits for; null when there is none. */
    @Nullable
    String progress() {
        return progress;
    }

    void keep(Subject subject, Resources resources) {
        KeelsonCluster cluster = subject.cluster();
        TlsSpec tls = cluster.getSpec().tls();
        failures.guard(Kind.CERTIFICATES, "certificates", () -> {
            switch (tls.mode()) {
                case Managed -> managed(subject, resources);
                case Secrets -> given(cluster, resources, null);
                case CertManager -> given(cluster, resources, tls.issuerRef());
                case Disabled -> credentials = null;
            }
        });
    }

    private void managed(Subject subject, Resources resources) {
        KeelsonCluster cluster = subject.cluster();
        Authorities authorities = managed.authorities(cluster, resources.members());
        if (authorities.phase() != Authorities.Phase.Settled) {
            progress = managed.waitsFor(authorities, serving(subject.names(), resources));
            if (progress == null) {
                authorities = managed.advance(cluster, authorities);
                progress = "all to follow";
            }
        }
        Authorities now = authorities;
        KeyPairPem client = managed.client(cluster, now);
        credentials = new Credentials(now.bundle(), client);
        for (KeelsonMember member : resources.members()) {
            failures.guard(
                    Kind.CERTIFICATES,
                    "certificate of " + member.getMetadata().getName(),
                    () -> managed.member(cluster, now, member));
        }
    }

    private void given(KeelsonCluster cluster, Resources resources, @Nullable IssuerRef issuer) {
        if (issuer != null) {
            given.requestClient(cluster, issuer);
        }
        for (KeelsonMember member : resources.members()) {
            failures.guard(
                    Kind.CERTIFICATES, "certificate of " + member.getMetadata().getName(), () -> {
                        if (issuer != null) {
                            given.requestMember(cluster, member, issuer);
                        }
                        given.member(cluster, member);
                    });
        }
        GivenCertificates.Held held = given.client(cluster);
        credentials = new Credentials(held.authorities(), held.own());
    }

    /** Members that are about to start read what their Secret says then, and need not be asked. */
    private static List<Peer> serving(Names names, Resources resources) {
        return resources.pods().values().stream()
                .filter(PodReading::isReady)
                .map(pod -> new Peer(
                        pod.getMetadata().getName(),
                        pod.getStatus().getPodIP(),
                        Names.PEER_PORT,
                        names.host(pod.getMetadata().getName())))
                .toList();
    }
}
