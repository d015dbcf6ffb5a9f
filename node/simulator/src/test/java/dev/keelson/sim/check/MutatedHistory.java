package dev.keelson.sim.check;

import dev.keelson.sim.check.HistoryGenerator.Fault;
import dev.keelson.sim.check.Outcome.Answered;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A correct history in which one operation is replaced by another. Thread rule: one thread. */
final class MutatedHistory {

    private final Random random;
    private final HistoryGenerator generator;
    private final List<Operation> operations;

    MutatedHistory(long seed, double unknownRate) {
        random = new Random(seed);
        generator = new HistoryGenerator(seed, 5, unknownRate, Fault.NONE);
        operations = generator.run(400);
    }

    KeyspaceModel model() {
        return generator.model();
    }

    List<Operation> operations() {
        return operations;
    }

    /** Replaces any one operation for which there is a replacement; says whether there was one. */
    boolean replace(Function<Operation, @Nullable Operation> mutation) {
        int start = random.nextInt(operations.size());
        for (int i = 0; i < operations.size(); i++) {
            int index = (start + i) % operations.size();
            Operation mutant = mutation.apply(operations.get(index));
            if (mutant != null && !mutant.equals(operations.get(index))) {
                operations.set(index, mutant);
                return true;
            }
        }
        return false;
    }

    /** Replaces any one answer, also inside a transaction, for which there is a replacement. */
    boolean replaceAnswer(Function<Response, @Nullable Response> mutation) {
        return replace(operation -> {
            Response response = History.response(operation);
            Response mutant = response == null ? null : within(response, mutation);
            return mutant == null ? null : answered(operation, mutant);
        });
    }

    /** Throws if the history is not that of a correct store. */
    void check() {
        var checker = new RevisionChecker();
        operations.forEach(checker::accept);
        checker.finish(generator.finalState(), generator.model().revision());
    }

    /** The highest revision shown by what had returned when the operation was invoked. */
    long floor(Operation operation) {
        long floor = 0;
        for (Operation other : operations) {
            Response response = History.response(other);
            boolean before = other.returned() < operation.invoked();
            if (response != null && before && !(other.request() instanceof Request.Compact)) {
                floor = Math.max(floor, response.revision());
            }
        }
        return floor;
    }

    /** The operation that made the revision and was acknowledged. */
    @Nullable
    Operation owner(long revision) {
        for (Operation other : operations) {
            Response response = History.response(other);
            if (response != null && response.revision() == revision && response.advanced()) {
                return other;
            }
        }
        return null;
    }

    static Operation answered(Operation operation, Response response) {
        return with(operation, new Answered(response));
    }

    static Operation with(Operation operation, Outcome outcome) {
        return new Operation(
                operation.client(),
                operation.session(),
                operation.invoked(),
                operation.returned(),
                operation.request(),
                outcome);
    }

    static Response withHeader(Response response, long revision) {
        UnaryOperator<Response> self = each -> withHeader(each, revision);
        return switch (response) {
            case Response.Put put -> new Response.Put(revision, put.prevKv());
            case Response.Range range -> new Response.Range(revision, range.kvs(), range.more(), range.count());
            case Response.DeleteRange delete -> new Response.DeleteRange(revision, delete.deleted(), delete.prevKvs());
            case Response.Txn txn ->
                new Response.Txn(
                        revision,
                        txn.succeeded(),
                        txn.responses().stream().map(self).toList());
            case Response.Compact compact -> new Response.Compact(revision);
        };
    }

    private static @Nullable Response within(Response response, Function<Response, @Nullable Response> mutation) {
        if (response instanceof Response.Txn txn) {
            for (int i = 0; i < txn.responses().size(); i++) {
                Response mutant = within(txn.responses().get(i), mutation);
                if (mutant != null) {
                    var responses = new ArrayList<>(txn.responses());
                    responses.set(i, mutant);
                    return new Response.Txn(txn.revision(), txn.succeeded(), responses);
                }
            }
        }
        return mutation.apply(response);
    }
}
