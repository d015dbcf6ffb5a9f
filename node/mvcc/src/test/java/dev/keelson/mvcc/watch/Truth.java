package dev.keelson.mvcc.watch;

import dev.keelson.mvcc.DeleteRangeRequest;
import dev.keelson.mvcc.Operation;
import dev.keelson.mvcc.PutRequest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What really happened to the keys, worked out from the operations alone, and without anything of the store. */
final class Truth {

    /** All changes, in order, beginning with revision 2. */
    final List<Change> changes = new ArrayList<>();

    private final NavigableMap<String, Row> rows = new TreeMap<>();
    long revision = 1;

    private record Row(String value, long create, long mod, long version) {}

    /** @param former what the key was one revision before, or the empty text */
    record Change(long revision, String key, boolean deleted, String text, String former) {

        String withFormer() {
            return former.isEmpty() ? text : text + "[" + former + "]";
        }
    }

    /** Carries out operations that belong to one revision. */
    void apply(List<? extends Operation> operations) {
        var before = new TreeMap<>(rows);
        int changesBefore = changes.size();
        for (Operation operation : operations) {
            switch (operation) {
                case PutRequest put -> put(string(put.key()), string(put.value()), before);
                case DeleteRangeRequest delete -> delete(string(delete.key()), string(delete.rangeEnd()), before);
                default -> throw new IllegalArgumentException("no change: " + operation);
            }
        }
        if (changes.size() > changesBefore) {
            revision++;
        }
    }

    private void put(String key, String value, NavigableMap<String, Row> before) {
        Row old = rows.get(key);
        long next = revision + 1;
        Row row = old == null ? new Row(value, next, next, 1) : new Row(value, old.create, next, old.version + 1);
        rows.put(key, row);
        changes.add(new Change(next, key, false, text(key, row), old == null ? "" : text(key, before.get(key))));
    }

    private void delete(String key, String end, NavigableMap<String, Row> before) {
        for (String doomed : List.copyOf(rows.keySet())) {
            if (contains(key, end, doomed)) {
                rows.remove(doomed);
                long next = revision + 1;
                changes.add(
                        new Change(next, doomed, true, "-" + doomed + "@" + next, text(doomed, before.get(doomed))));
            }
        }
    }

    static boolean contains(String key, String end, String candidate) {
        if (end.isEmpty()) {
            return candidate.equals(key);
        }
        return candidate.compareTo(key) >= 0 && (end.equals("\0") || candidate.compareTo(end) < 0);
    }

    private static String text(String key, @Nullable Row row) {
        return row == null ? "" : key + "=" + row.value + "@" + row.create + "/" + row.mod + "/v" + row.version;
    }

    private static String string(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }
}
