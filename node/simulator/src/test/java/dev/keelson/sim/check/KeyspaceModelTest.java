package dev.keelson.sim.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keelson.sim.check.Request.Compare;
import dev.keelson.sim.check.Response.Kv;
import java.util.List;
import org.junit.jupiter.api.Test;

/** States the rules of etcd's keyspace one by one. */
class KeyspaceModelTest {

    private final KeyspaceModel model = new KeyspaceModel();

    @Test
    void aPutKeepsTheCreateRevisionAndCountsTheVersion() {
        put("a", "1");
        put("b", "2");
        Response second = model.apply(new Request.Put("a", "3", true));

        assertThat(second).isEqualTo(new Response.Put(4, new Kv("a", "1", 2, 2, 1)));
        assertThat(get("a", 0).kvs()).containsExactly(new Kv("a", "3", 2, 4, 2));
    }

    @Test
    void aDeletedKeyStartsAnew() {
        put("a", "1");
        assertThat(model.apply(new Request.DeleteRange("a", "", true)))
                .isEqualTo(new Response.DeleteRange(3, 1, List.of(new Kv("a", "1", 2, 2, 1))));
        put("a", "2");

        assertThat(get("a", 0).kvs()).containsExactly(new Kv("a", "2", 4, 4, 1));
        assertThat(get("a", 3).count()).isZero();
        assertThat(get("a", 2).kvs()).containsExactly(new Kv("a", "1", 2, 2, 1));
    }

    @Test
    void aDeletionOfNothingTakesNoRevision() {
        assertThat(model.apply(new Request.DeleteRange("a", "z", false)))
                .isEqualTo(new Response.DeleteRange(1, 0, List.of()));
    }

    @Test
    void aTransactionReadsWhatItWroteUnderItsOneRevision() {
        var read = new Request.Range("a", Span.UNBOUNDED, 0, 1, false, false);
        var txn = new Request.Txn(
                List.of(),
                List.of(read, new Request.Put("a", "1", false), new Request.Put("b", "2", false), read),
                List.of());

        assertThat(model.apply(txn))
                .isEqualTo(new Response.Txn(
                        2,
                        true,
                        List.of(
                                new Response.Range(1, List.of(), false, 0),
                                new Response.Put(2, null),
                                new Response.Put(2, null),
                                new Response.Range(2, List.of(new Kv("a", "1", 2, 2, 1)), true, 2))));
        assertThat(model.revision()).isEqualTo(2);
    }

    @Test
    void aMissingKeyHasTheNumbersZeroAndNoValue() {
        assertThat(holds(Compare.Target.VERSION, Compare.Relation.EQUAL)).isTrue();
        assertThat(holds(Compare.Target.CREATE, Compare.Relation.EQUAL)).isTrue();
        assertThat(holds(Compare.Target.MOD, Compare.Relation.LESS)).isFalse();
        for (Compare.Relation relation : Compare.Relation.values()) {
            assertThat(holds(Compare.Target.VALUE, relation)).isFalse();
        }
    }

    @Test
    void aCompactionKeepsWhatReadsAtItsRevisionSee() {
        put("a", "1");
        put("a", "2");
        put("b", "3");
        model.apply(new Request.DeleteRange("b", "", false));
        put("a", "4");
        model.compact(4);

        assertThat(get("a", 4).kvs()).containsExactly(new Kv("a", "2", 2, 3, 2));
        assertThat(get("b", 4).count()).isEqualTo(1);
        assertThat(get("b", 5).count()).isZero();
        assertThat(model.compactRevision()).isEqualTo(4);
    }

    @Test
    void aRollbackRestoresAnOlderRevision() {
        put("a", "1");
        put("b", "2");
        model.apply(new Request.DeleteRange("a", "", false));
        put("b", "3");
        model.rollback(3);

        assertThat(model.revision()).isEqualTo(3);
        assertThat(get("a", 0).count()).isEqualTo(1);
        assertThat(get("b", 0).kvs()).containsExactly(new Kv("b", "2", 3, 3, 1));
    }

    @Test
    void rangesOverlapWhereTheyShareAKey() {
        assertThat(new Span("a", "c").overlaps(Span.of("c"))).isFalse();
        assertThat(new Span("a", "c").overlaps(Span.of("b"))).isTrue();
        assertThat(Span.of("b").overlaps(new Span("a", Span.UNBOUNDED))).isTrue();
        assertThat(Span.of("a").overlaps(new Span("b", Span.UNBOUNDED))).isFalse();
        assertThat(Span.of("a").overlaps(Span.of("a"))).isTrue();
    }

    private void put(String key, String value) {
        model.apply(new Request.Put(key, value, false));
    }

    private Response.Range get(String key, long revision) {
        return (Response.Range) model.apply(new Request.Range(key, "", revision, 0, false, false));
    }

    private boolean holds(Compare.Target target, Compare.Relation relation) {
        var compare = new Compare(target, "missing", relation, 0, "");
        var txn = new Request.Txn(List.of(compare), List.of(), List.of());
        return ((Response.Txn) model.apply(txn)).succeeded();
    }
}
