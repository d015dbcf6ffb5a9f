package dev.keelson.operator.api;

/** Labels and annotations that the operator writes. */
public final class Labels {
    public static final String CLUSTER = "keelson.dev/cluster";
    /** Tells the objects of a cluster from those of an earlier one of the same name. */
    public static final String CLUSTER_UID = "keelson.dev/cluster-uid";

    public static final String MEMBER = "keelson.dev/member";
    /** What a member is in the store: {@code voter} or {@code learner}. */
    public static final String ROLE = "keelson.dev/role";

    public static final String MANAGED_BY = "app.kubernetes.io/managed-by";
    public static final String NAME = "app.kubernetes.io/name";
    public static final String INSTANCE = "app.kubernetes.io/instance";
    public static final String OPERATOR = "keelson-operator";

    /** What a Pod was made from, part by part: the reason to restart it is what differs. */
    public static final String HASH = "keelson.dev/hash";
    /** On a cluster: {@code "true"} plans and does nothing. */
    public static final String DRY_RUN = "keelson.dev/dry-run";

    /** On a cluster: another text than before asks for a new authority. On the authority's Secret: the last such text. */
    public static final String ROTATE_AUTHORITY = "keelson.dev/rotate-authority";
    /** On the authority's Secret: how far the newest authority has got, and since when. */
    public static final String AUTHORITY_PHASE = "keelson.dev/authority-phase";

    public static final String AUTHORITY_SINCE = "keelson.dev/authority-since";

    private Labels() {}
}
