package dev.keelson.engine;

import dev.keelson.engine.apply.Command;
import dev.keelson.engine.auth.AuthChange;
import dev.keelson.mvcc.DeleteRangeRequest;
import dev.keelson.mvcc.Operation;
import dev.keelson.mvcc.PutRequest;
import dev.keelson.mvcc.RangeRequest;
import dev.keelson.mvcc.TxnRequest;

/** What a request asks for, told apart as etcd's metrics do. */
public enum RequestKind {
    PUT("Put"),
    DELETE_RANGE("DeleteRange"),
    TXN("Txn"),
    READ_ONLY_TXN("ReadonlyTxn"),
    RANGE("Range"),
    COMPACTION("Compaction"),
    LEASE_GRANT("LeaseGrant"),
    LEASE_REVOKE("LeaseRevoke"),
    LEASE_CHECKPOINT("LeaseCheckpoint"),
    MEMBER_ATTRIBUTES("ClusterMemberAttrSet"),
    CLUSTER_VERSION("ClusterVersionSet"),
    AUTHENTICATE("Authenticate"),
    AUTH_ENABLE("AuthEnable"),
    AUTH_DISABLE("AuthDisable"),
    USER_ADD("AuthUserAdd"),
    USER_DELETE("AuthUserDelete"),
    USER_CHANGE_PASSWORD("AuthUserChangePassword"),
    USER_GRANT_ROLE("AuthUserGrantRole"),
    USER_REVOKE_ROLE("AuthUserRevokeRole"),
    ROLE_ADD("AuthRoleAdd"),
    ROLE_DELETE("AuthRoleDelete"),
    ROLE_GRANT_PERMISSION("AuthRoleGrantPermission"),
    ROLE_REVOKE_PERMISSION("AuthRoleRevokePermission"),
    ALARM("Alarm"),
    DOWNGRADE("DowngradeInfoSet");

    private final String word;

    RequestKind(String word) {
        this.word = word;
    }

    /** Its name in etcd's metrics. */
    public String word() {
        return word;
    }

    public static RequestKind of(Command command) {
        return switch (command) {
            case Command.Write(Operation operation) -> of(operation);
            case Command.Compact _ -> COMPACTION;
            case Command.LeaseGrant _ -> LEASE_GRANT;
            case Command.LeaseRevoke _, Command.LeaseExpire _ -> LEASE_REVOKE;
            case Command.LeaseCheckpoint _ -> LEASE_CHECKPOINT;
            case Command.Publish _ -> MEMBER_ATTRIBUTES;
            case Command.SetClusterVersion _ -> CLUSTER_VERSION;
            case Command.ChangeAuth(AuthChange change) -> of(change);
            case Command.Alarm _ -> ALARM;
            case Command.SetDowngrade _ -> DOWNGRADE;
        };
    }

    private static RequestKind of(AuthChange change) {
        return switch (change) {
            case AuthChange.LogIn _ -> AUTHENTICATE;
            case AuthChange.Enable _ -> AUTH_ENABLE;
            case AuthChange.Disable _ -> AUTH_DISABLE;
            case AuthChange.AddUser _ -> USER_ADD;
            case AuthChange.DeleteUser _ -> USER_DELETE;
            case AuthChange.ChangePassword _ -> USER_CHANGE_PASSWORD;
            case AuthChange.GrantRole _ -> USER_GRANT_ROLE;
            case AuthChange.RevokeRole _ -> USER_REVOKE_ROLE;
            case AuthChange.AddRole _ -> ROLE_ADD;
            case AuthChange.DeleteRole _ -> ROLE_DELETE;
            case AuthChange.GrantPermission _ -> ROLE_GRANT_PERMISSION;
            case AuthChange.RevokePermission _ -> ROLE_REVOKE_PERMISSION;
        };
    }

    private static RequestKind of(Operation operation) {
        return switch (operation) {
            case PutRequest _ -> PUT;
            case DeleteRangeRequest _ -> DELETE_RANGE;
            case TxnRequest _ -> TXN;
            case RangeRequest _ -> RANGE;
        };
    }
}
