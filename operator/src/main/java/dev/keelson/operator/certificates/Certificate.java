package dev.keelson.operator.certificates;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import dev.keelson.operator.api.TlsSpec.IssuerRef;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Version;
import java.io.Serial;
import java.util.List;

/** A wish for a certificate in cert-manager's words, as far as the operator uses them. */
@Group("cert-manager.io")
@Version("v1")
public final class Certificate extends CustomResource<Certificate.Spec, Void> implements Namespaced {
    @Serial
    private static final long serialVersionUID = 1L;

    /** What the certificate is to say, by whom, and into which Secret it is written. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    public record Spec(
            String secretName,
            String commonName,
            List<String> dnsNames,
            List<String> ipAddresses,
            List<String> usages,
            PrivateKey privateKey,
            IssuerRef issuerRef) {}

    /** What kind of key it has. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record PrivateKey(String algorithm, int size, String encoding) {}
}
