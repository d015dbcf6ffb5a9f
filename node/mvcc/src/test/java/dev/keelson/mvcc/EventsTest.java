package dev.keelson.mvcc;

import static dev.keelson.mvcc.Requests.NONE;
import static dev.keelson.mvcc.Requests.bytes;
import static dev.keelson.mvcc.Requests.delete;
import static dev.keelson.mvcc.Requests.put;
import static dev.keelson.mvcc.Requests.text;
import static dev.keelson.mvcc.Requests.txn;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keelson.mvcc.key.HistoryRow;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a batch tells of its changes, and the history of them later. */
class EventsTest {

    private final TestStore test = new TestStore();

    private static String show(Event event) {
        HistoryRow row = HistoryRow.read(event.row());
        assertThat(row.key()).isEqualTo(event.key());
        return event.revision()
                + (event.deleted() ? "-" : "+")
                + text(event.key())
                + (event.deleted() ? "" : "=" + text(row.value()))
                + (event.former() == null ? "" : "<" + text(event.former().value()));
    }

    private static List<String> show(List<Event> events) {
        return events.stream().map(EventsTest::show).toList();
    }

    private List<String> history(long from, long through) {
        var events = new ArrayList<String>();
        try (ReadView view = test.store.view();
                EventScan scan = view.events(from, through)) {
            for (Event event = scan.next(); event != null; event = scan.next()) {
                events.add(show(event));
            }
        }
        return events;
    }

    private @Nullable String historyRow(String key, long atRevision) {
        try (ReadView view = test.store.view()) {
            byte[] row = view.historyRow(bytes(key), atRevision);
            return row == null ? null : text(HistoryRow.read(row).value());
        }
    }

    @Test
    void everyChangeIsTold() {
        test.with("a=1", "b=1");
        test.grant(7);
        StoreBatch batch = test.store.begin();
        batch.put(put("a", "2", 7));
        batch.deleteRange(delete("x", ""));
        batch.txn(txn(put("c", "1"), put("d", "1", 7)));
        batch.revokeLease(7);
        assertThat(show(batch.events())).containsExactly("4+a=2<1", "5+c=1", "5+d=1", "6-a<2", "6-d<1");
        batch.commit();
        assertThat(history(2, 100)).containsExactly("2+a=1", "3+b=1", "4+a=2", "5+c=1", "5+d=1", "6-a", "6-d");
        assertThat(history(4, 5)).containsExactly("4+a=2", "5+c=1", "5+d=1");
    }

    @Test
    void aRefusedTransactionTellsNothing() {
        test.with("a=1");
        StoreBatch batch = test.store.begin();
        batch.put(put("a", "2"));
        var keepsNothing = new PutRequest(bytes("a"), NONE, 0, false, true, false);
        TestStore.assertRefused(
                () -> batch.txn(txn(put("b", "1"), delete("", "\0"), keepsNothing)), StoreError.KEY_NOT_FOUND);
        batch.put(put("c", "1"));
        assertThat(show(batch.events())).containsExactly("3+a=2<1", "4+c=1");
        batch.commit();
    }

    @Test
    void whatAKeyWasIsWhatItWasBeforeTheOperation() {
        test.with("a=1", "b=1");
        StoreBatch batch = test.store.begin();
        // etcd lets a nested delete follow a nested put.
        batch.txn(txn(txn(put("a", "2"), put("c", "1")), txn(delete("a", "d"))));
        assertThat(show(batch.events())).containsExactly("4+a=2<1", "4+c=1", "4-a<1", "4-b<1", "4-c");
        batch.commit();
    }

    @Test
    void theRowOfAnOldRevisionIsFoundUntilItIsCompacted() {
        test.with("a=1", "b=1", "a=2");
        assertThat(historyRow("a", 3)).isEqualTo("1");
        assertThat(historyRow("a", 4)).isEqualTo("2");
        assertThat(historyRow("a", 1)).isNull();
        test.compactFully(4);
        assertThat(historyRow("a", 3)).isNull();
        assertThat(historyRow("a", 4)).isEqualTo("2");
    }
}
