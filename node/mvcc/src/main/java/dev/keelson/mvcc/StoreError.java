package dev.keelson.mvcc;

/** Why a request was refused, with the text and code that etcd's clients know it by. */
public enum StoreError {
    KEY_NOT_PROVIDED("etcdserver: key is not provided", Code.INVALID_ARGUMENT),
    KEY_NOT_FOUND("etcdserver: key not found", Code.INVALID_ARGUMENT),
    VALUE_PROVIDED("etcdserver: value is provided", Code.INVALID_ARGUMENT),
    LEASE_PROVIDED("etcdserver: lease is provided", Code.INVALID_ARGUMENT),
    TOO_MANY_OPS("etcdserver: too many operations in txn request", Code.INVALID_ARGUMENT),
    DUPLICATE_KEY("etcdserver: duplicate key given in txn request", Code.INVALID_ARGUMENT),
    INVALID_CLIENT_API_VERSION("etcdserver: invalid client api version", Code.INVALID_ARGUMENT),
    INVALID_SORT_OPTION("etcdserver: invalid sort option", Code.INVALID_ARGUMENT),
    REQUEST_TOO_LARGE("etcdserver: request is too large", Code.INVALID_ARGUMENT),
    BAD_DOWNGRADE_FORMAT("etcdserver: wrong downgrade target version format", Code.INVALID_ARGUMENT),
    BAD_DOWNGRADE_TARGET("etcdserver: invalid downgrade target version", Code.INVALID_ARGUMENT),
    COMPACTED("etcdserver: mvcc: required revision has been compacted", Code.OUT_OF_RANGE),
    FUTURE_REVISION("etcdserver: mvcc: required revision is a future revision", Code.OUT_OF_RANGE),
    LEASE_TTL_TOO_LARGE("etcdserver: too large lease TTL", Code.OUT_OF_RANGE),
    NO_SPACE("etcdserver: mvcc: database space exceeded", Code.RESOURCE_EXHAUSTED),
    /** Leaves the server without a code of its own, as etcd's does. */
    TOO_MANY_REQUESTS("etcdserver: too many requests", Code.UNKNOWN),
    LEASE_NOT_FOUND("etcdserver: requested lease not found", Code.NOT_FOUND),
    /** Leaves the server without a code of its own, as etcd's does. */
    NOT_ENOUGH_STARTED_MEMBERS("etcdserver: re-configuration failed due to not enough started members", Code.UNKNOWN),
    /** The same. */
    TIMEOUT_LEADER_TRANSFER("etcdserver: request timed out, leader transfer took too long", Code.UNKNOWN),
    /** Not etcd's: the files of the member could not be rewritten. */
    DEFRAGMENTATION_FAILED("etcdserver: defragmentation failed, the log of the member says why", Code.UNKNOWN),
    MEMBER_BAD_URLS("etcdserver: given member URLs are invalid", Code.INVALID_ARGUMENT),
    MEMBER_NOT_FOUND("etcdserver: member not found", Code.NOT_FOUND),
    MEMBER_EXISTS("etcdserver: member ID already exist", Code.FAILED_PRECONDITION),
    PEER_URL_EXISTS("etcdserver: Peer URLs already exists", Code.FAILED_PRECONDITION),
    NOT_A_LEARNER("etcdserver: can only promote a learner member", Code.FAILED_PRECONDITION),
    LEARNER_NOT_READY(
            "etcdserver: can only promote a learner member which is in sync with leader", Code.FAILED_PRECONDITION),
    TOO_MANY_LEARNERS("etcdserver: too many learner members in cluster", Code.FAILED_PRECONDITION),
    BAD_LEADER_TRANSFEREE("etcdserver: bad leader transferee", Code.FAILED_PRECONDITION),
    LEASE_EXISTS("etcdserver: lease already exists", Code.FAILED_PRECONDITION),
    NOT_LEADER("etcdserver: not leader", Code.FAILED_PRECONDITION),
    NOT_CAPABLE("etcdserver: not capable", Code.FAILED_PRECONDITION),
    CLUSTER_VERSION_UNKNOWN("etcdserver: cluster version not found during downgrade", Code.FAILED_PRECONDITION),
    DOWNGRADE_UNDER_WAY("etcdserver: cluster has a downgrade job in progress", Code.FAILED_PRECONDITION),
    NO_DOWNGRADE("etcdserver: no inflight downgrade job", Code.FAILED_PRECONDITION),
    NOT_SUPPORTED_FOR_LEARNER("etcdserver: rpc not supported for learner", Code.FAILED_PRECONDITION),
    NO_LEADER("etcdserver: no leader", Code.UNAVAILABLE),
    LEADER_CHANGED("etcdserver: leader changed", Code.UNAVAILABLE),
    STOPPED("etcdserver: server stopped", Code.UNAVAILABLE),
    TIMEOUT("etcdserver: request timed out", Code.UNAVAILABLE),
    TIMEOUT_LEADER_FAILURE("etcdserver: request timed out, possibly due to previous leader failure", Code.UNAVAILABLE),
    TIMEOUT_CONNECTION_LOST("etcdserver: request timed out, possibly due to connection lost", Code.UNAVAILABLE),
    UNHEALTHY("etcdserver: unhealthy cluster", Code.UNAVAILABLE),
    CORRUPT("etcdserver: corrupt cluster", Code.DATA_LOSS),
    USER_EMPTY("etcdserver: user name is empty", Code.INVALID_ARGUMENT),
    ROLE_EMPTY("etcdserver: role name is empty", Code.INVALID_ARGUMENT),
    AUTH_FAILED("etcdserver: authentication failed, invalid user ID or password", Code.INVALID_ARGUMENT),
    PERMISSION_NOT_GIVEN("etcdserver: permission not given", Code.INVALID_ARGUMENT),
    INVALID_AUTH_MGMT("etcdserver: invalid auth management", Code.INVALID_ARGUMENT),
    AUTH_OLD_REVISION("etcdserver: revision of auth store is old", Code.INVALID_ARGUMENT),
    ROOT_USER_NOT_EXIST("etcdserver: root user does not exist", Code.FAILED_PRECONDITION),
    ROOT_ROLE_NOT_EXIST("etcdserver: root user does not have root role", Code.FAILED_PRECONDITION),
    USER_EXISTS("etcdserver: user name already exists", Code.FAILED_PRECONDITION),
    USER_NOT_FOUND("etcdserver: user name not found", Code.FAILED_PRECONDITION),
    ROLE_EXISTS("etcdserver: role name already exists", Code.FAILED_PRECONDITION),
    ROLE_NOT_FOUND("etcdserver: role name not found", Code.FAILED_PRECONDITION),
    ROLE_NOT_GRANTED("etcdserver: role is not granted to the user", Code.FAILED_PRECONDITION),
    PERMISSION_NOT_GRANTED("etcdserver: permission is not granted to the role", Code.FAILED_PRECONDITION),
    AUTH_NOT_ENABLED("etcdserver: authentication is not enabled", Code.FAILED_PRECONDITION),
    /** Leaves the server without a code of its own, as etcd's does. */
    NO_PASSWORD_USER("auth: authentication failed, password was given for no password user", Code.UNKNOWN),
    INVALID_AUTH_TOKEN("etcdserver: invalid auth token", Code.UNAUTHENTICATED),
    PERMISSION_DENIED("etcdserver: permission denied", Code.PERMISSION_DENIED);

    /** The kinds of refusal, named as gRPC names them. */
    public enum Code {
        INVALID_ARGUMENT,
        OUT_OF_RANGE,
        RESOURCE_EXHAUSTED,
        NOT_FOUND,
        FAILED_PRECONDITION,
        UNAVAILABLE,
        DATA_LOSS,
        PERMISSION_DENIED,
        UNAUTHENTICATED,
        UNKNOWN
    }

    private final String text;
    private final Code code;

    StoreError(String text, Code code) {
        this.text = text;
        this.code = code;
    }

    /** The message on the wire, letter for letter what etcd sends. */
    public String text() {
        return text;
    }

    public Code code() {
        return code;
    }
}
