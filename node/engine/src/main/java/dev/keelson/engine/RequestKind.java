package dev.keelson.engine;

import dev.keelson.engine.apply.Command;
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
            case Command.Alarm _ -> ALARM;
            case Command.SetDowngrade _ -> DOWNGRADE;
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
