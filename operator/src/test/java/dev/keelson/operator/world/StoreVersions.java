package dev.keelson.operator.world;

import dev.keelson.operator.observe.MinorVersion;
import dev.keelson.operator.observe.StoreObservation.Agreement;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which formats the members of a store have agreed on: they go up by themselves when all members can, and down one step when
 * ordered to. A member that cannot read what was agreed on must never be started.
 */
public final class StoreVersions {
    private @Nullable MinorVersion agreed;
    private @Nullable MinorVersion target;

    void starts(String host, MinorVersion version) {
        if (agreed != null && version.compareTo(agreed) < 0) {
            throw new AssertionError(host + " of " + version + " was started on data of " + agreed);
        }
    }

    /** All members run, and are of these versions. */
    void tick(List<MinorVersion> versions) {
        MinorVersion lowest = versions.stream().min(MinorVersion::compareTo).orElse(null);
        if (lowest == null) {
            return;
        }
        if (target == null) {
            agreed = agreed == null || lowest.compareTo(agreed) > 0 ? lowest : agreed;
        } else if (!target.equals(agreed)) {
            agreed = target;
        } else if (versions.stream().allMatch(target::equals)) {
            target = null;
        }
    }

    boolean enable(String version) {
        MinorVersion wanted = MinorVersion.parse(version);
        if (agreed == null || target != null || !agreed.oneDown().equals(wanted)) {
            return false;
        }
        target = wanted;
        return true;
    }

    void cancel() {
        target = null;
    }

    Agreement agreement(boolean guarded) {
        return new Agreement(agreed, target, guarded);
    }

    public @Nullable MinorVersion agreed() {
        return agreed;
    }

    public @Nullable MinorVersion target() {
        return target;
    }
}
