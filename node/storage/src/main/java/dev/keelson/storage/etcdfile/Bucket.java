package dev.keelson.storage.etcdfile;

import java.nio.charset.StandardCharsets;

/** The buckets of etcd, in the order in which they lie in a file. */
enum Bucket {
    ALARM("alarm"),
    AUTH("auth"),
    AUTH_ROLES("authRoles"),
    AUTH_USERS("authUsers"),
    CLUSTER("cluster"),
    KEY("key"),
    LEASE("lease"),
    MEMBERS("members"),
    MEMBERS_REMOVED("members_removed"),
    META("meta");

    static final byte[] AUTH_ENABLED = text("authEnabled");
    static final byte[] AUTH_REVISION = text("authRevision");
    static final byte[] CLUSTER_VERSION = text("clusterVersion");
    static final byte[] CONF_STATE = text("confState");
    static final byte[] CONSISTENT_INDEX = text("consistent_index");
    static final byte[] FINISHED_COMPACTION = text("finishedCompactRev");
    static final byte[] SCHEDULED_COMPACTION = text("scheduledCompactRev");
    static final byte[] STORAGE_VERSION = text("storageVersion");
    static final byte[] TERM = text("term");

    private final String diskName;

    Bucket(String diskName) {
        this.diskName = diskName;
    }

    String diskName() {
        return diskName;
    }

    byte[] nameBytes() {
        return text(diskName);
    }

    static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
