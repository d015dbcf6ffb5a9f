package dev.keelson.server.gateway;

import dev.keelson.api.election.ElectionGrpc;
import dev.keelson.api.etcd.AuthGrpc;
import dev.keelson.api.etcd.ClusterGrpc;
import dev.keelson.api.etcd.KVGrpc;
import dev.keelson.api.etcd.LeaseGrpc;
import dev.keelson.api.etcd.MaintenanceGrpc;
import dev.keelson.api.etcd.WatchGrpc;
import dev.keelson.api.lock.LockGrpc;
import io.grpc.MethodDescriptor;
import java.util.Map;

/** Which path calls which method. A range in chunks has none, as in etcd. */
final class GatewayPaths {

    static final Map<String, MethodDescriptor<?, ?>> METHODS = Map.ofEntries(
            Map.entry("/v3/kv/range", KVGrpc.getRangeMethod()),
            Map.entry("/v3/kv/put", KVGrpc.getPutMethod()),
            Map.entry("/v3/kv/deleterange", KVGrpc.getDeleteRangeMethod()),
            Map.entry("/v3/kv/txn", KVGrpc.getTxnMethod()),
            Map.entry("/v3/kv/compaction", KVGrpc.getCompactMethod()),
            Map.entry("/v3/watch", WatchGrpc.getWatchMethod()),
            Map.entry("/v3/lease/grant", LeaseGrpc.getLeaseGrantMethod()),
            Map.entry("/v3/lease/revoke", LeaseGrpc.getLeaseRevokeMethod()),
            Map.entry("/v3/kv/lease/revoke", LeaseGrpc.getLeaseRevokeMethod()),
            Map.entry("/v3/lease/keepalive", LeaseGrpc.getLeaseKeepAliveMethod()),
            Map.entry("/v3/lease/timetolive", LeaseGrpc.getLeaseTimeToLiveMethod()),
            Map.entry("/v3/kv/lease/timetolive", LeaseGrpc.getLeaseTimeToLiveMethod()),
            Map.entry("/v3/lease/leases", LeaseGrpc.getLeaseLeasesMethod()),
            Map.entry("/v3/kv/lease/leases", LeaseGrpc.getLeaseLeasesMethod()),
            Map.entry("/v3/cluster/member/add", ClusterGrpc.getMemberAddMethod()),
            Map.entry("/v3/cluster/member/remove", ClusterGrpc.getMemberRemoveMethod()),
            Map.entry("/v3/cluster/member/update", ClusterGrpc.getMemberUpdateMethod()),
            Map.entry("/v3/cluster/member/list", ClusterGrpc.getMemberListMethod()),
            Map.entry("/v3/cluster/member/promote", ClusterGrpc.getMemberPromoteMethod()),
            Map.entry("/v3/maintenance/alarm", MaintenanceGrpc.getAlarmMethod()),
            Map.entry("/v3/maintenance/status", MaintenanceGrpc.getStatusMethod()),
            Map.entry("/v3/maintenance/defragment", MaintenanceGrpc.getDefragmentMethod()),
            Map.entry("/v3/maintenance/hash", MaintenanceGrpc.getHashMethod()),
            Map.entry("/v3/maintenance/hashkv", MaintenanceGrpc.getHashKVMethod()),
            Map.entry("/v3/maintenance/snapshot", MaintenanceGrpc.getSnapshotMethod()),
            Map.entry("/v3/maintenance/transfer-leadership", MaintenanceGrpc.getMoveLeaderMethod()),
            Map.entry("/v3/maintenance/downgrade", MaintenanceGrpc.getDowngradeMethod()),
            Map.entry("/v3/auth/enable", AuthGrpc.getAuthEnableMethod()),
            Map.entry("/v3/auth/disable", AuthGrpc.getAuthDisableMethod()),
            Map.entry("/v3/auth/status", AuthGrpc.getAuthStatusMethod()),
            Map.entry("/v3/auth/authenticate", AuthGrpc.getAuthenticateMethod()),
            Map.entry("/v3/auth/user/add", AuthGrpc.getUserAddMethod()),
            Map.entry("/v3/auth/user/get", AuthGrpc.getUserGetMethod()),
            Map.entry("/v3/auth/user/list", AuthGrpc.getUserListMethod()),
            Map.entry("/v3/auth/user/delete", AuthGrpc.getUserDeleteMethod()),
            Map.entry("/v3/auth/user/changepw", AuthGrpc.getUserChangePasswordMethod()),
            Map.entry("/v3/auth/user/grant", AuthGrpc.getUserGrantRoleMethod()),
            Map.entry("/v3/auth/user/revoke", AuthGrpc.getUserRevokeRoleMethod()),
            Map.entry("/v3/auth/role/add", AuthGrpc.getRoleAddMethod()),
            Map.entry("/v3/auth/role/get", AuthGrpc.getRoleGetMethod()),
            Map.entry("/v3/auth/role/list", AuthGrpc.getRoleListMethod()),
            Map.entry("/v3/auth/role/delete", AuthGrpc.getRoleDeleteMethod()),
            Map.entry("/v3/auth/role/grant", AuthGrpc.getRoleGrantPermissionMethod()),
            Map.entry("/v3/auth/role/revoke", AuthGrpc.getRoleRevokePermissionMethod()),
            Map.entry("/v3/lock/lock", LockGrpc.getLockMethod()),
            Map.entry("/v3/lock/unlock", LockGrpc.getUnlockMethod()),
            Map.entry("/v3/election/campaign", ElectionGrpc.getCampaignMethod()),
            Map.entry("/v3/election/proclaim", ElectionGrpc.getProclaimMethod()),
            Map.entry("/v3/election/leader", ElectionGrpc.getLeaderMethod()),
            Map.entry("/v3/election/observe", ElectionGrpc.getObserveMethod()),
            Map.entry("/v3/election/resign", ElectionGrpc.getResignMethod()));

    private GatewayPaths() {}
}
