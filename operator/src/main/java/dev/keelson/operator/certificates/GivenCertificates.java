package dev.keelson.operator.certificates;

import dev.keelson.operator.api.KeelsonCluster;
import dev.keelson.operator.api.TlsSpec.IssuerRef;
import dev.keelson.operator.dependent.Names;
import dev.keelson.operator.dependent.Owned;
import dev.keelson.operator.kubernetes.Kubernetes;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.Secret;
import java.util.List;

/**
 * Certificates that others keep: Secrets that the user names, or that cert-manager writes because the operator asks it to. Renewing
 * them, and replacing the authority behind them, is the matter of those who keep them; members follow what the Secrets say.
 */
public final class GivenCertificates {
    private static final Certificate.PrivateKey KEY = new Certificate.PrivateKey("ECDSA", 256, "PKCS8");

    private final Kubernetes kubernetes;

    public GivenCertificates(Kubernetes kubernetes) {
        this.kubernetes = kubernetes;
    }

    /** What lets the operator in. */
    public Held client(KeelsonCluster cluster) {
        Secret secret = read(cluster, Names.of(cluster).clientSecret());
        return new Held(TlsSecret.text(secret, TlsSecret.AUTHORITY), TlsSecret.pair(secret));
    }

    /** Fails as long as there is no Secret to serve with. */
    public void member(KeelsonCluster cluster, HasMetadata member) {
        read(cluster, Names.of(cluster).memberSecret(member.getMetadata().getName()));
    }

    /** Asks cert-manager for the certificate of clients. */
    public void requestClient(KeelsonCluster cluster, IssuerRef issuer) {
        String secret = Names.of(cluster).clientSecret();
        ObjectMeta metadata = Owned.metadata(cluster, secret).build();
        request(metadata, spec("keelson-client", List.of(), List.of("client auth"), secret, issuer));
    }

    /** Asks cert-manager for the certificate of a member. */
    public void requestMember(KeelsonCluster cluster, HasMetadata member, IssuerRef issuer) {
        Names names = Names.of(cluster);
        String name = member.getMetadata().getName();
        ObjectMeta metadata = Owned.metadata(cluster, names.memberSecret(name))
                .withOwnerReferences(Owned.reference(member))
                .build();
        request(
                metadata,
                spec(
                        name,
                        names.certified(name),
                        List.of("server auth", "client auth"),
                        names.memberSecret(name),
                        issuer));
    }

    private static Certificate.Spec spec(
            String commonName, List<String> hosts, List<String> usages, String secret, IssuerRef issuer) {
        return new Certificate.Spec(
                secret,
                commonName,
                hosts.stream().filter(host -> !Names.isAddress(host)).toList(),
                hosts.stream().filter(Names::isAddress).toList(),
                usages,
                KEY,
                issuer);
    }

    private void request(ObjectMeta metadata, Certificate.Spec spec) {
        Certificate certificate = new Certificate();
        certificate.setMetadata(metadata);
        certificate.setSpec(spec);
        kubernetes.apply(certificate);
    }

    private Secret read(KeelsonCluster cluster, String name) {
        Secret secret = kubernetes.get(Secret.class, cluster.getMetadata().getNamespace(), name);
        if (secret == null) {
            throw new CertificateException("there is no Secret " + name);
        }
        for (String key : List.of(TlsSecret.AUTHORITY, TlsSecret.CERTIFICATE, TlsSecret.KEY)) {
            if (TlsSecret.text(secret, key).isEmpty()) {
                throw new CertificateException("the Secret " + name + " has no " + key);
            }
        }
        return secret;
    }

    /** Whom to trust, and what to show. */
    public record Held(String authorities, KeyPairPem own) {}
}
