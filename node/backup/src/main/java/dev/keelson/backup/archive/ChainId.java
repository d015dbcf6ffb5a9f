package dev.keelson.backup.archive;

import dev.keelson.backup.store.Digests;
import java.nio.charset.StandardCharsets;

/**
 * Segments that follow each other without a gap, behind one full backup.
 *
 * @param cluster whose changes they hold
 * @param backup the id of the full backup that they begin behind
 * @param run told apart from other chains behind the same backup
 */
public record ChainId(long cluster, String backup, String run) {

    private static final String ROOT = "archive/";

    /** Where the segments of all chains of a cluster lie. */
    static String folderOf(long cluster) {
        return ROOT + Long.toHexString(cluster) + "/";
    }

    /** Where its segments lie. */
    String folder() {
        return folderOf(cluster) + backup + "/" + run + "/";
    }

    /** What the first segment knows as the one before it. */
    byte[] origin() {
        return Digests.sha256().digest(folder().getBytes(StandardCharsets.UTF_8));
    }
}
