package dev.keelson.operator.api;

import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.ValidationRule;

/** How connections are protected. */
@ValidationRule(
        value = "self.mode == oldSelf.mode",
        message = "TLS cannot be turned on or off in a cluster that runs; make a new cluster",
        fieldPath = ".mode")
public record TlsSpec(
        @Default("Managed") Mode mode, @Default("Required") ClientAuthentication clientAuthentication) {
    static final TlsSpec DEFAULTS = new TlsSpec(Mode.Managed, ClientAuthentication.Required);

    public TlsSpec {
        mode = Absent.or(mode, Mode.Managed);
        clientAuthentication = Absent.or(clientAuthentication, ClientAuthentication.Required);
    }

    /** Where certificates come from: an authority that the operator keeps for this cluster, or nowhere. */
    public enum Mode {
        Managed,
        Disabled
    }

    /** Whether a client must show a certificate of the authority. */
    public enum ClientAuthentication {
        Required,
        Optional
    }
}
