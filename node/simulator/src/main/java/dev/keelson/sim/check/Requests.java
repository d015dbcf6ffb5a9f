package dev.keelson.sim.check;

import java.util.List;
import java.util.function.Consumer;

/** What can be said of a request without a store. */
final class Requests {

    private Requests() {}

    /** Whether it could change a key. */
    static boolean mayWrite(Request request) {
        return switch (request) {
            case Request.Put put -> true;
            case Request.DeleteRange delete -> true;
            case Request.Txn txn ->
                txn.success().stream().anyMatch(Requests::mayWrite)
                        || txn.failure().stream().anyMatch(Requests::mayWrite);
            case Request.Range range -> false;
            case Request.Compact compact -> false;
        };
    }

    /** Whether any member may answer it from what it has, without asking the others. */
    static boolean serializable(Request request) {
        return switch (request) {
            case Request.Range range -> range.serializable();
            case Request.Txn txn ->
                txn.success().stream().allMatch(Requests::serializable)
                        && txn.failure().stream().allMatch(Requests::serializable);
            default -> false;
        };
    }

    /** The oldest revision it asks for by number; {@link Long#MAX_VALUE} if it asks for none. */
    static long oldestAsked(Request request) {
        return switch (request) {
            case Request.Range range -> range.revision() > 0 ? range.revision() : Long.MAX_VALUE;
            case Request.Txn txn -> Math.min(oldestAsked(txn.success()), oldestAsked(txn.failure()));
            default -> Long.MAX_VALUE;
        };
    }

    /** The same of the branch that ran. */
    static long oldestRead(Request request, Response response) {
        if (request instanceof Request.Txn txn && response instanceof Response.Txn answer) {
            return oldestAsked(answer.succeeded() ? txn.success() : txn.failure());
        }
        return oldestAsked(request);
    }

    /** The newest revision it asks for by number, be it to read or to compact at; 0 if it asks for none. */
    static long newestAsked(Request request) {
        return switch (request) {
            case Request.Range range -> Math.max(0, range.revision());
            case Request.Compact compact -> compact.revision();
            case Request.Txn txn -> Math.max(newestAsked(txn.success()), newestAsked(txn.failure()));
            default -> 0;
        };
    }

    /** The same of the branch that ran. */
    static long newestRead(Request request, Response response) {
        if (request instanceof Request.Txn txn && response instanceof Response.Txn answer) {
            return newestAsked(answer.succeeded() ? txn.success() : txn.failure());
        }
        return newestAsked(request);
    }

    /** Tells the keys that it reads, compares or changes, in whichever branch. */
    static void spans(Request request, Consumer<Span> to) {
        switch (request) {
            case Request.Put put -> to.accept(Span.of(put.key()));
            case Request.DeleteRange delete -> to.accept(new Span(delete.key(), delete.end()));
            case Request.Range range -> to.accept(new Span(range.key(), range.end()));
            case Request.Txn txn -> {
                txn.compares().forEach(compare -> to.accept(Span.of(compare.key())));
                txn.success().forEach(each -> spans(each, to));
                txn.failure().forEach(each -> spans(each, to));
            }
            case Request.Compact compact -> {}
        }
    }

    /** Tells what it would put, in whichever branch. */
    static void puts(Request request, Consumer<Request.Put> to) {
        switch (request) {
            case Request.Put put -> to.accept(put);
            case Request.Txn txn -> {
                txn.success().forEach(each -> puts(each, to));
                txn.failure().forEach(each -> puts(each, to));
            }
            default -> {}
        }
    }

    /** Tells the keys that an answer shows. */
    static void shown(Response response, Consumer<Response.Kv> to) {
        switch (response) {
            case Response.Put put -> {
                if (put.prevKv() != null) {
                    to.accept(put.prevKv());
                }
            }
            case Response.Range range -> range.kvs().forEach(to);
            case Response.DeleteRange delete -> delete.prevKvs().forEach(to);
            case Response.Txn txn -> txn.responses().forEach(each -> shown(each, to));
            case Response.Compact compact -> {}
        }
    }

    private static long oldestAsked(List<Request> requests) {
        return requests.stream().mapToLong(Requests::oldestAsked).min().orElse(Long.MAX_VALUE);
    }

    private static long newestAsked(List<Request> requests) {
        return requests.stream().mapToLong(Requests::newestAsked).max().orElse(0);
    }
}
