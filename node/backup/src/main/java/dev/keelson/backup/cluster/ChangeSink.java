package dev.keelson.backup.cluster;

import java.util.List;

/** Hears what changes in a cluster. */
public interface ChangeSink {

    /**
     * All changes of one or more revisions, which may be none: then the cluster has come to that revision without more.
     *
     * @param term of the cluster's consensus; it only grows in the life of one cluster
     * @param revision that the cluster has come to at least
     */
    void changes(List<Change> changes, long revision, long term);

    /** History that was asked for is compacted up to below this revision: nothing more comes. */
    void compacted(long compactRevision);

    /** The cluster will not go on with this; nothing more comes. */
    void refused(SourceException cause);
}
