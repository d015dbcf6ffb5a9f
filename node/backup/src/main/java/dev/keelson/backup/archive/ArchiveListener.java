package dev.keelson.backup.archive;

import dev.keelson.backup.full.Manifest;
import java.time.Duration;

/** Hears what an archiver does. Called by the archiver's thread. */
public interface ArchiveListener {

    /** It begins a new archive behind a full backup, because of that. */
    void begun(Manifest base, String why);

    /** It goes on behind the last segment that is in the store. */
    void resumed(SegmentName last);

    /** A segment is in the store; a restore may reach its end. */
    void sealed(SegmentName segment, int changesBytes);

    /** History it had not read yet was compacted: what lies between is in no archive. */
    void gap(long from, long compactRevision);

    /** The store does not take a segment, or the cluster says nothing; it is tried again after that pause. */
    void delayed(String cause, Duration pause);
}
