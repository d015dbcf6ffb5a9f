package dev.keelson.server.metrics;

import dev.keelson.engine.apply.Command;
import dev.keelson.mvcc.DeleteRangeResult;
import dev.keelson.mvcc.Operation;
import dev.keelson.mvcc.OperationResult;
import dev.keelson.mvcc.PutRequest;
import dev.keelson.mvcc.PutResult;
import dev.keelson.mvcc.RangeResult;
import dev.keelson.mvcc.TxnRequest;
import dev.keelson.mvcc.TxnResult;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/**
 * Counts the operations that the store carried out, those inside transactions one by one.
 *
 * <p>Thread rule: any thread.
 */
final class OperationCounts implements MetricSource {

    private final LongAdder puts = new LongAdder();
    private final LongAdder putBytes = new LongAdder();
    private final LongAdder deletes = new LongAdder();
    private final LongAdder ranges = new LongAdder();
    private final LongAdder txns = new LongAdder();

    void write(Command command, Object result) {
        if (command instanceof Command.Write(Operation operation) && result instanceof OperationResult outcome) {
            count(operation, outcome);
        }
    }

    void read(OperationResult result) {
        switch (result) {
            case RangeResult _ -> ranges.increment();
            case TxnResult txn -> {
                ranges.add(txn.results().size());
                countTxn(txn.results().size());
            }
            case PutResult _, DeleteRangeResult _ -> {}
        }
    }

    private void count(Operation operation, OperationResult result) {
        switch (result) {
            case PutResult _ -> {
                puts.increment();
                if (operation instanceof PutRequest put) {
                    putBytes.add(put.key().length + put.value().length);
                }
            }
            case DeleteRangeResult _ -> deletes.increment();
            case RangeResult _ -> ranges.increment();
            case TxnResult txn -> {
                if (operation instanceof TxnRequest request) {
                    countAll(txn.succeeded() ? request.success() : request.failure(), txn.results());
                    countTxn(txn.results().size());
                }
            }
        }
    }

    private void countAll(List<Operation> operations, List<OperationResult> results) {
        for (int at = 0; at < results.size(); at++) {
            count(operations.get(at), results.get(at));
        }
    }

    /** As in etcd, a transaction of one operation counts as that operation alone. */
    private void countTxn(int operations) {
        if (operations > 1) {
            txns.increment();
        }
    }

    @Override
    public void collect(Exposition out) {
        out.counter("etcd_mvcc_put_total", "Puts that this member carried out.", puts);
        out.counter("etcd_mvcc_delete_total", "Deletes that this member carried out.", deletes);
        out.counter("etcd_mvcc_range_total", "Ranges that this member read.", ranges);
        out.counter("etcd_mvcc_txn_total", "Transactions of several operations that this member carried out.", txns);
        out.gauge(
                "etcd_debugging_mvcc_total_put_size_in_bytes",
                "Bytes of the keys and values of all puts that this member carried out.",
                putBytes.sum());
    }
}
