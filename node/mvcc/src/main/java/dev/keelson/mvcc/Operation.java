package dev.keelson.mvcc;

/** What a client can ask of the store, alone or inside a transaction. */
public sealed interface Operation permits PutRequest, RangeRequest, DeleteRangeRequest, TxnRequest {}
