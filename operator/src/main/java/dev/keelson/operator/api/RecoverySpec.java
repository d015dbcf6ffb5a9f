package dev.keelson.operator.api;

import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;

/** What the operator does by itself about members that do not come back. */
public record RecoverySpec(
        @Default("5m") @Pattern(ServerSpec.DURATION) @Size(max = 16)
        String replaceMemberAfter) {
    static final RecoverySpec DEFAULTS = new RecoverySpec("5m");

    public RecoverySpec {
        replaceMemberAfter = Absent.or(replaceMemberAfter, "5m");
    }
}
