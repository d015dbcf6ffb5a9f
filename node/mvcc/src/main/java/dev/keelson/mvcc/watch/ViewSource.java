package dev.keelson.mvcc.watch;

import dev.keelson.mvcc.ReadView;
import java.util.function.Consumer;

/** The port to the store's past. */
public interface ViewSource {

    /**
     * Runs {@code reader} on the newest view, which is not older than anything the hub was told of.
     *
     * @return false, with nothing run, while another store takes the place of this one; {@link WatchHub#skipTo} ends that
     */
    boolean read(Consumer<ReadView> reader);

    /** Revisions below it are gone. */
    long compactRevision();
}
