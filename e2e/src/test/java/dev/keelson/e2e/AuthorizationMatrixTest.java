package dev.keelson.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keelson.e2e.harness.RightsRun;
import dev.keelson.e2e.harness.RightsStage;
import dev.keelson.e2e.harness.RightsTable;
import dev.keelson.e2e.harness.Rpcs;
import dev.keelson.e2e.harness.Tools;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * Who may do what, as {@code authorization.table} says: every call of etcd's services in every shape that matters, as
 * every kind of caller, over gRPC and as JSON, on the real etcd, which the table is true to, and on Keelson.
 */
class AuthorizationMatrixTest {

    private final RightsTable table = RightsTable.read("authorization.table");

    @Test
    void theTableLeavesNoCallOut() {
        Set<String> named = table.rows().stream().map(RightsTable.Row::rpc).collect(Collectors.toSet());

        assertThat(named).containsExactlyInAnyOrderElementsOf(Rpcs.names()).hasSize(49);
    }

    @Test
    void etcdJudgesAsTheTableSays() {
        List<RightsRun.Cell> wrong = wrong(Tools.go("etcd"), "rights-etcd");

        assertThat(wrong.stream().filter(cell -> cell.row().known().isEmpty())).isEmpty();
        assertThat(wrong.stream().map(RightsRun.Cell::row).collect(Collectors.toSet()))
                .as("rows that are marked as a weakness of etcd, and are none")
                .containsAll(table.rows().stream()
                        .filter(row -> !row.known().isEmpty())
                        .toList());
    }

    @Test
    void keelsonJudgesAsTheTableSays() {
        assertThat(wrong(Tools.server(), "rights-server")).isEmpty();
    }

    private List<RightsRun.Cell> wrong(Path program, String test) {
        try (var stage = new RightsStage(program, test, table)) {
            long begin = System.nanoTime();
            List<RightsRun.Cell> cells = new RightsRun(table, stage).run();
            System.out.printf(
                    "%s: %d requests, %d cells in %d ms%n",
                    test, table.rows().size(), cells.size(), (System.nanoTime() - begin) / 1_000_000);
            return cells.stream().filter(cell -> !cell.isExpected()).toList();
        }
    }
}
