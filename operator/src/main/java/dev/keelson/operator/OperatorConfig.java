package dev.keelson.operator;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.util.Optional;

/** What the operator is told by its environment, as {@code KEELSON_OPERATOR_…}. */
@ConfigMapping(prefix = "keelson.operator")
interface OperatorConfig {
    /** Where images of members come from, unless a cluster says otherwise. */
    @WithDefault("keelson/node")
    String imageRepository();

    /** The version of new clusters that name none. */
    @WithDefault("0.1.0")
    String version();

    /** The namespaces whose clusters are looked after, separated by commas; all when absent. */
    Optional<String> namespaces();

    /** Where the lease of the leading replica is; the namespace the operator runs in when absent. */
    Optional<String> leaseNamespace();
}
