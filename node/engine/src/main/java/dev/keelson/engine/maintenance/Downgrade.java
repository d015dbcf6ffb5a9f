package dev.keelson.engine.maintenance;

import dev.keelson.mvcc.ReadView;
import dev.keelson.mvcc.StoreBatch;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The downgrade that is under way, if there is one: a replicated row, kept in memory beside it.
 *
 * <p>Thread rule: changed on the apply worker; {@link #target} from any thread.
 */
public final class Downgrade {

    private static final String ROW = "cluster.downgrade";

    private volatile @Nullable ClusterVersion target;

    private Downgrade(@Nullable ClusterVersion target) {
        this.target = target;
    }

    /** As the store has it. */
    public static Downgrade load(ReadView view) {
        byte[] row = view.meta(ROW);
        return new Downgrade(row == null ? null : parse(new String(row, StandardCharsets.UTF_8)));
    }

    private static @Nullable ClusterVersion parse(String text) {
        return ClusterVersion.parse(text).orElse(null);
    }

    /** Where it leads; null when none is under way. */
    public @Nullable ClusterVersion target() {
        return target;
    }

    /** Begins one, or ends it with the empty text. */
    public void set(StoreBatch batch, String version) {
        target = parse(version);
        if (target == null) {
            batch.deleteMeta(ROW);
        } else {
            batch.putMeta(ROW, version.getBytes(StandardCharsets.UTF_8));
        }
    }
}
