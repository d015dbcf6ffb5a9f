package dev.keelson.operator.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/** How connections are protected. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
        value = "self.mode == oldSelf.mode",
        message =
                "TLS cannot be turned on or off, nor its source be changed, in a cluster that runs; make a new cluster",
        fieldPath = ".mode")
@ValidationRule(
        value = "self.mode != 'Secrets' || (has(self.memberSecret) && has(self.clientSecret))",
        message = "tls.mode Secrets needs tls.memberSecret and tls.clientSecret")
@ValidationRule(
        value = "self.mode != 'CertManager' || has(self.issuerRef)",
        message = "tls.mode CertManager needs tls.issuerRef")
public record TlsSpec(
        @Default("Managed") Mode mode,
        @Default("Required") ClientAuthentication clientAuthentication,

        @JsonPropertyDescription(
                "With mode Secrets: the Secret with ca.crt, tls.crt and tls.key that all members serve with;"
                        + " its certificate names *.<cluster>-peers.<namespace>.svc.")
        @Size(min = 1, max = 253)
        @Nullable
        String memberSecret,

        @JsonPropertyDescription(
                "With mode Secrets: the Secret with ca.crt, tls.crt and tls.key by which the operator is known"
                        + " to members.")
        @Size(min = 1, max = 253)
        @Nullable
        String clientSecret,

        @JsonPropertyDescription("With mode CertManager: who signs.") @Nullable
        IssuerRef issuerRef) {
    static final TlsSpec DEFAULTS = new TlsSpec(Mode.Managed, ClientAuthentication.Required, null, null, null);

    public TlsSpec {
        mode = Absent.or(mode, Mode.Managed);
        clientAuthentication = Absent.or(clientAuthentication, ClientAuthentication.Required);
    }

    /**
     * Where certificates come from: an authority that the operator keeps for this cluster, Secrets that somebody else keeps, an
     * issuer of cert-manager, or nowhere.
     */
    public enum Mode {
        Managed,
        Secrets,
        CertManager,
        Disabled
    }

    /** Whether a client must show a certificate of the authority. */
    public enum ClientAuthentication {
        Required,
        Optional
    }

    /** An issuer, in cert-manager's words. */
    public record IssuerRef(
            @Required @Size(min = 1, max = 253) String name,
            @Default("Issuer") @Size(max = 63) String kind,
            @Default("cert-manager.io") @Size(max = 253) String group) {
        public IssuerRef {
            name = Absent.or(name, "");
            kind = Absent.or(kind, "Issuer");
            group = Absent.or(group, "cert-manager.io");
        }
    }
}
