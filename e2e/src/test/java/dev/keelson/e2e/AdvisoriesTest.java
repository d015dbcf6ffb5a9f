package dev.keelson.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keelson.e2e.harness.Caller;
import dev.keelson.e2e.harness.Outcome;
import dev.keelson.e2e.harness.RightsStage;
import dev.keelson.e2e.harness.RightsTable;
import dev.keelson.e2e.harness.Run;
import dev.keelson.e2e.harness.Tools;
import dev.keelson.e2e.harness.Verdict;
import java.util.List;
import org.assertj.core.api.AbstractObjectAssert;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What etcd has published advisories about as far as rights go, asked of Keelson: the world of the rights' table. */
class AdvisoriesTest {

    private static RightsStage stage;

    @BeforeAll
    static void start() {
        stage = new RightsStage(Tools.server(), "advisories", RightsTable.read("authorization.table"));
    }

    @AfterAll
    static void stop() {
        stage.close();
    }

    private static AbstractObjectAssert<?, Verdict> verdict(Caller caller, String rpc, String request) {
        Outcome outcome = stage.ask(caller, rpc, request);
        return assertThat(outcome.verdict()).as("%s as %s: %s", rpc, caller, outcome);
    }

    @Test
    @DisplayName("CVE-2026-33413: members, alarms, leases and status are not for those who do not say who they are")
    void whoSaysNothingIsToldNothing() {
        List<String> calls = List.of(
                "Cluster/MemberList",
                "Maintenance/Alarm",
                "Maintenance/Status",
                "Lease/LeaseGrant",
                "Lease/LeaseLeases",
                "KV/Compact",
                "Maintenance/Hash");
        for (String rpc : calls) {
            verdict(Caller.NONE, rpc, "").isEqualTo(Verdict.NAMELESS);
            verdict(Caller.BAD, rpc, "").isEqualTo(Verdict.BAD_TOKEN);
            assertThat(stage.askAsJson(Caller.NONE, rpc, "").verdict()).isEqualTo(Verdict.NAMELESS);
        }
    }

    @Test
    @DisplayName("CVE-2026-33343: what is nested in a transaction is judged like the rest, in the branch not taken too")
    void nestedOperationsAreJudged() {
        String inner = "success { request_txn { failure { request_txn { success { %s } } } } }";

        verdict(Caller.RANGE, "KV/Txn", inner.formatted("request_put { key: \"k/b\" value: \"v\" }"))
                .isEqualTo(Verdict.DENIED);
        verdict(Caller.WRITE, "KV/Txn", inner.formatted("request_range { key: \"k/b\" }"))
                .isEqualTo(Verdict.DENIED);
        verdict(Caller.ONE, "KV/Txn", inner.formatted("request_delete_range { key: \"k/one\" }"))
                .isEqualTo(Verdict.DENIED);
        verdict(Caller.WRITE, "KV/Txn", inner.formatted("request_put { key: \"k/b\" value: \"v\" }"))
                .isEqualTo(Verdict.ALLOWED);
    }

    @Test
    @DisplayName("CVE-2026-44283: a put within a transaction does not read the former value or use a lease unasked")
    void formerValuesAndLeasesWithinATransactionAreJudged() {
        verdict(Caller.WRITE, "KV/Txn", "success { request_put { key: \"k/b\" value: \"v\" prev_kv: true } }")
                .isEqualTo(Verdict.DENIED);
        verdict(Caller.PREFIX, "KV/Txn", "success { request_put { key: \"k/p/1\" value: \"v\" lease: 14 } }")
                .isEqualTo(Verdict.DENIED);
        verdict(
                        Caller.PREFIX,
                        "KV/Txn",
                        "success { request_put { key: \"k/p/1\" value: \"v\" prev_kv: true lease: 12 } }")
                .isEqualTo(Verdict.ALLOWED);
    }

    @Test
    @DisplayName("GHSA-xg4h-6gfc-h4m8: who may read one key may not watch from it on")
    void aWatchFromAKeyOnNeedsTheRightToAllOfThem() {
        verdict(Caller.ONE, "Watch/Watch", "create_request { key: \"k/one\" range_end: \"\\000\" }")
                .isEqualTo(Verdict.DENIED);
        verdict(Caller.ONE, "Watch/Watch", "create_request { key: \"k/one\" range_end: \"k/z\" }")
                .isEqualTo(Verdict.DENIED);
        verdict(Caller.ONE, "Watch/Watch", "create_request { key: \"k/one\" }").isEqualTo(Verdict.ALLOWED);
    }

    @Test
    @DisplayName("#15815: the keys of a lease are told to those alone who may read all of them")
    void theKeysOfALeaseAreNotToldToOthers() {
        verdict(Caller.NOROLE, "Lease/LeaseTimeToLive", "ID: 12 keys: true").isEqualTo(Verdict.DENIED);
        verdict(Caller.PREFIX, "Lease/LeaseTimeToLive", "ID: 14 keys: true").isEqualTo(Verdict.DENIED);
        verdict(Caller.PREFIX, "Lease/LeaseTimeToLive", "ID: 12 keys: true").isEqualTo(Verdict.ALLOWED);
    }

    @Test
    @DisplayName("#15619: a permission for a range with nothing in it is refused, and does no harm")
    void aPermissionForNothingIsRefused() {
        for (String range : List.of("key: \"b\" range_end: \"a\"", "key: \"b\" range_end: \"b\"")) {
            Outcome granted = stage.ask(
                    Caller.ROOT, "Auth/RoleGrantPermission", "name: \"victim\" perm { permType: READ " + range + " }");

            assertThat(granted.text()).contains("etcdserver: invalid auth management");
        }
        verdict(Caller.NOROLE, "KV/Range", "key: \"b\" range_end: \"a\"").isEqualTo(Verdict.DENIED);
        verdict(Caller.RANGE, "KV/Range", "key: \"k/b\" range_end: \"k/d\"").isEqualTo(Verdict.ALLOWED);
    }

    @Test
    @DisplayName("The gateway that called itself: a member calls its services without a connection, and is no proxy")
    void thereIsNoGatewayThatCouldCallItself() {
        Run.Result result = Run.command(Tools.keelson().toString(), "gateway", "start", "--endpoints=127.0.0.1:1")
                .result();

        assertThat(result.exitCode()).isNotZero();
        assertThat(result.output()).contains("gateway");
    }
}
