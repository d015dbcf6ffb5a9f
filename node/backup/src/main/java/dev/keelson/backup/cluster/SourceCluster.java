package dev.keelson.backup.cluster;

import dev.keelson.backup.store.Progress;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;

/**
 * The cluster that backups are made of, as any client with the right to read everything sees it.
 *
 * <p>Thread rule: any thread.
 */
public interface SourceCluster extends AutoCloseable {

    /**
     * What the members say of themselves; those that do not answer are left out.
     *
     * @throws SourceException when none answers
     */
    List<MemberStatus> members();

    /**
     * Saves the snapshot of a member, which appears under the file's name only when it is whole and matches its checksum.
     *
     * @throws SourceException when the member does not give it; another may
     */
    void snapshot(MemberStatus member, Path file, Progress progress);

    /**
     * The hash of a member's history up to a revision.
     *
     * @throws SourceException when the member does not say, as when the revision was compacted
     */
    MemberHash hash(MemberStatus member, long revision);

    /** What a lease was granted for, in seconds; empty when there is no such lease any more. */
    OptionalLong leaseSeconds(long id);

    /**
     * Begins to follow all changes from a revision on. Members that are lost on the way are replaced by others: every
     * change comes once, in its order.
     *
     * @param sink called by one thread at a time; it may take its time
     */
    Subscription follow(long fromRevision, ChangeSink sink);

    /** Changes that are on their way. */
    interface Subscription extends AutoCloseable {

        /** Asks for a report of how far the cluster is while nothing changes. */
        void requestProgress();

        @Override
        void close();
    }

    @Override
    void close();
}
