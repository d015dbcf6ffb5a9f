package dev.keelson.operator.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/** Whether callers must say who they are, and the password of the user who may do everything. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
        value = "!self.enabled || has(self.rootPasswordSecret)",
        message = "auth.enabled needs auth.rootPasswordSecret")
public record AuthSpec(
        @Default("false") boolean enabled, @Nullable SecretKey rootPasswordSecret) {
    static final AuthSpec DEFAULTS = new AuthSpec(false, null);

    /** One value of a Secret in the cluster's namespace. */
    public record SecretKey(
            @Required @Size(min = 1, max = 253) String name,
            @Default("password") @Size(min = 1, max = 253) String key) {
        public SecretKey {
            name = Absent.or(name, "");
            key = Absent.or(key, "password");
        }
    }
}
