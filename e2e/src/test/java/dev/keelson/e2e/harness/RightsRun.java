package dev.keelson.e2e.harness;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;

/** Makes every call of a table as every caller, over gRPC and through the JSON gateway, and keeps what came of it. */
public final class RightsRun {

    private final RightsTable table;
    private final RightsStage stage;
    private final List<Cell> cells = new ArrayList<>();

    /** One call by one caller, and how it came out. */
    public record Cell(RightsTable.Row row, Caller caller, boolean json, Outcome outcome) {

        /** Whether it is what the table says. */
        public boolean isExpected() {
            // etcd turns him away before it looks at what he asks for.
            return outcome.verdict() == expected()
                    || json && caller == Caller.CN && outcome.verdict() == Verdict.CERTIFIED;
        }

        private Verdict expected() {
            // Whoever comes through the gateway is not who his certificate says.
            return row.verdict(json && caller == Caller.CN ? Caller.NONE : caller);
        }

        @Override
        public String toString() {
            return "%s%s as %s: %s instead of %s"
                    .formatted(
                            row,
                            json ? " (JSON)" : "",
                            caller.label(),
                            outcome,
                            expected().letter());
        }
    }

    public RightsRun(RightsTable table, RightsStage stage) {
        this.table = table;
        this.stage = stage;
    }

    /** Makes all of them. */
    public List<Cell> run() {
        for (boolean json : new boolean[] {false, true}) {
            rows(json).forEach(row -> row(row, json));
        }
        stage.awaitOld();
        for (boolean json : new boolean[] {false, true}) {
            together(rows(json).stream().map(row -> new Ask(row, Caller.OLD)).toList(), json);
        }
        return cells;
    }

    private List<RightsTable.Row> rows(boolean json) {
        return table.rows().stream()
                .filter(row -> !json || !table.path(row.rpc()).isEmpty())
                .toList();
    }

    private void row(RightsTable.Row row, boolean json) {
        // Root last, for his call may be one after which nobody is refused any more.
        List<Ask> asks = Stream.concat(
                        Arrays.stream(Caller.values()).filter(caller -> caller != Caller.OLD && caller != Caller.ROOT),
                        Stream.of(Caller.ROOT))
                .map(caller -> new Ask(row, caller))
                .toList();
        if (row.effect() == RightsTable.Effect.CALL) {
            together(asks, json);
        } else {
            asks.forEach(ask -> alone(ask, json));
        }
    }

    /** Who asks for what. */
    private record Ask(RightsTable.Row row, Caller caller) {

        private Cell cell(boolean json, Outcome outcome) {
            return new Cell(row, caller, json, outcome);
        }
    }

    private void alone(Ask ask, boolean json) {
        together(List.of(ask), json);
        if (ask.row().effect() == RightsTable.Effect.CHANGE
                && cells.getLast().outcome().verdict() == Verdict.ALLOWED) {
            stage.restore();
        }
    }

    private void together(List<Ask> asks, boolean json) {
        if (!json) {
            List<GrpcCall> calls = asks.stream()
                    .map(ask -> stage.call(ask.caller(), ask.row().call()))
                    .toList();
            for (int i = 0; i < calls.size(); i++) {
                cells.add(asks.get(i).cell(false, calls.get(i).outcome()));
            }
            return;
        }
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<Outcome>> tasks = asks.stream()
                    .<Callable<Outcome>>map(ask ->
                            () -> stage.callAsJson(ask.caller(), ask.row().call()))
                    .toList();
            List<Future<Outcome>> outcomes = threads.invokeAll(tasks);
            for (int i = 0; i < outcomes.size(); i++) {
                cells.add(asks.get(i).cell(true, outcomes.get(i).get()));
            }
        } catch (InterruptedException | ExecutionException failure) {
            throw new IllegalStateException(failure);
        }
    }
}
