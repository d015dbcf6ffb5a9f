package dev.keelson.server.auth;

import static java.util.Map.entry;

import dev.keelson.api.etcd.AlarmRequest;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The one table of who may call what. A call that does not stand here is refused while authorization is enabled. */
public final class Rules {

    private static final Map<String, Rule> TABLE = Map.ofEntries(
            entry("etcdserverpb.KV/Range", Rule.BY_KEYS),
            entry("etcdserverpb.KV/RangeStream", Rule.BY_KEYS),
            entry("etcdserverpb.KV/Put", Rule.BY_KEYS),
            entry("etcdserverpb.KV/DeleteRange", Rule.BY_KEYS),
            entry("etcdserverpb.KV/Txn", Rule.BY_KEYS),
            entry("etcdserverpb.KV/Compact", Rule.ROOT),
            entry("etcdserverpb.Watch/Watch", Rule.BY_KEYS),
            entry("etcdserverpb.Lease/LeaseGrant", Rule.ANY_USER),
            entry("etcdserverpb.Lease/LeaseRevoke", Rule.ANY_USER),
            entry("etcdserverpb.Lease/LeaseKeepAlive", Rule.BY_KEYS),
            entry("etcdserverpb.Lease/LeaseTimeToLive", Rule.ANY_USER),
            entry("etcdserverpb.Lease/LeaseLeases", Rule.ANY_USER),
            entry("etcdserverpb.Cluster/MemberAdd", Rule.ROOT),
            entry("etcdserverpb.Cluster/MemberRemove", Rule.ROOT),
            entry("etcdserverpb.Cluster/MemberUpdate", Rule.ROOT),
            entry("etcdserverpb.Cluster/MemberList", Rule.ANY_USER),
            entry("etcdserverpb.Cluster/MemberPromote", Rule.ROOT),
            entry("etcdserverpb.Maintenance/Alarm", Rule.ROOT_UNLESS_IT_ASKS),
            entry("etcdserverpb.Maintenance/Status", Rule.ANY_USER),
            entry("etcdserverpb.Maintenance/Defragment", Rule.ROOT),
            entry("etcdserverpb.Maintenance/Hash", Rule.ROOT),
            entry("etcdserverpb.Maintenance/HashKV", Rule.ROOT),
            entry("etcdserverpb.Maintenance/Snapshot", Rule.ROOT),
            entry("etcdserverpb.Maintenance/MoveLeader", Rule.ROOT),
            entry("etcdserverpb.Maintenance/Downgrade", Rule.ROOT),
            entry("etcdserverpb.Auth/AuthEnable", Rule.ROOT),
            entry("etcdserverpb.Auth/AuthDisable", Rule.ROOT),
            entry("etcdserverpb.Auth/AuthStatus", Rule.ANYBODY),
            entry("etcdserverpb.Auth/Authenticate", Rule.OPEN),
            entry("etcdserverpb.Auth/UserAdd", Rule.ROOT),
            entry("etcdserverpb.Auth/UserGet", Rule.SELF),
            entry("etcdserverpb.Auth/UserList", Rule.ROOT),
            entry("etcdserverpb.Auth/UserDelete", Rule.ROOT),
            entry("etcdserverpb.Auth/UserChangePassword", Rule.ROOT),
            entry("etcdserverpb.Auth/UserGrantRole", Rule.ROOT),
            entry("etcdserverpb.Auth/UserRevokeRole", Rule.ROOT),
            entry("etcdserverpb.Auth/RoleAdd", Rule.ROOT),
            entry("etcdserverpb.Auth/RoleGet", Rule.HOLDER),
            entry("etcdserverpb.Auth/RoleList", Rule.ROOT),
            entry("etcdserverpb.Auth/RoleDelete", Rule.ROOT),
            entry("etcdserverpb.Auth/RoleGrantPermission", Rule.ROOT),
            entry("etcdserverpb.Auth/RoleRevokePermission", Rule.ROOT),
            entry("v3lockpb.Lock/Lock", Rule.BY_KEYS),
            entry("v3lockpb.Lock/Unlock", Rule.BY_KEYS),
            entry("v3electionpb.Election/Campaign", Rule.BY_KEYS),
            entry("v3electionpb.Election/Proclaim", Rule.BY_KEYS),
            entry("v3electionpb.Election/Leader", Rule.BY_KEYS),
            entry("v3electionpb.Election/Observe", Rule.BY_KEYS),
            entry("v3electionpb.Election/Resign", Rule.BY_KEYS),
            // Beside etcd's own: whether the process serves, and what its messages look like.
            entry("grpc.health.v1.Health/Check", Rule.OPEN),
            entry("grpc.health.v1.Health/List", Rule.OPEN),
            entry("grpc.health.v1.Health/Watch", Rule.OPEN),
            entry("grpc.reflection.v1.ServerReflection/ServerReflectionInfo", Rule.OPEN));

    private Rules() {}

    /** The rule for a method by its full name, null for one that nobody thought of. */
    public static @Nullable Rule of(String method) {
        return TABLE.get(method);
    }

    /** What a rule comes to for a request, now that it is there. */
    static Rule forRequest(Rule rule, Object request) {
        if (rule != Rule.ROOT_UNLESS_IT_ASKS) {
            return rule;
        }
        boolean asks = request instanceof AlarmRequest alarm && alarm.getAction() == AlarmRequest.AlarmAction.GET;
        return asks ? Rule.ANY_USER : Rule.ROOT;
    }
}
