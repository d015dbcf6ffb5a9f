package dev.keelson.server.http;

/** The version of etcd whose contract this server keeps; clients choose features by it. */
public final class EtcdVersion {

    /** What the binary would call itself. */
    public static final String SERVER = "3.7.1";

    /** What a cluster of such members agrees on. */
    public static final String CLUSTER = "3.7.0";

    /** What the format of its data would be. */
    public static final String STORAGE = "3.7.0";

    private EtcdVersion() {}

    /** What the format of the data is, when the members have agreed on a version; empty while they have not. */
    public static String storage(String clusterVersion) {
        return clusterVersion.isEmpty() ? STORAGE : clusterVersion;
    }
}
