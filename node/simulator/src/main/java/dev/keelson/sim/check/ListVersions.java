package dev.keelson.sim.check;

import dev.keelson.sim.check.ListTransaction.End;
import dev.keelson.sim.check.ListTransaction.Step;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** Who appended what, and in which order each list grew; notes what contradicts itself without any cycle. */
final class ListVersions {

    private final List<ListTransaction> transactions;
    private final Map<Element, Integer> appenders = new HashMap<>();
    private final Map<String, List<Long>> longest = new LinkedHashMap<>();
    private final Map<String, List<Long>> unread = new LinkedHashMap<>();
    private final List<ReadOfList> reads = new ArrayList<>();
    private final List<Anomaly> anomalies = new ArrayList<>();
    private final Set<Element> seen = new HashSet<>();

    record Element(String key, long value) {}

    /** A list as a transaction found it, before it appended anything itself. */
    record ReadOfList(int reader, String key, List<Long> elements) {}

    ListVersions(List<ListTransaction> transactions) {
        this.transactions = transactions;
        for (int i = 0; i < transactions.size(); i++) {
            noteAppends(i);
        }
        for (int i = 0; i < transactions.size(); i++) {
            if (transactions.get(i).end() == End.COMMITTED) {
                noteReads(i);
            }
        }
        reads.forEach(this::checkRead);
        appenders.forEach((element, appender) -> {
            if (!seen.contains(element) && transactions.get(appender).end() == End.COMMITTED) {
                unread.computeIfAbsent(element.key(), _ -> new ArrayList<>()).add(element.value());
            }
        });
    }

    List<Anomaly> anomalies() {
        return anomalies;
    }

    List<ReadOfList> reads() {
        return reads;
    }

    /** The order in which each list grew, as far as anyone read it. */
    Map<String, List<Long>> longest() {
        return longest;
    }

    /** What was certainly appended but never read: it comes after all that was. */
    List<Long> unread(String key) {
        return unread.getOrDefault(key, List.of());
    }

    int appender(String key, long element) {
        return Objects.requireNonNull(appenders.get(new Element(key, element)));
    }

    private void note(Anomaly.Kind kind, String text, int... involved) {
        List<ListTransaction> all = new ArrayList<>();
        for (int index : involved) {
            all.add(transactions.get(index));
        }
        anomalies.add(new Anomaly(kind, all, text));
    }

    private void noteAppends(int index) {
        for (Step step : transactions.get(index).steps()) {
            if (step instanceof Step.Append(String key, long value)) {
                Integer other = appenders.put(new Element(key, value), index);
                if (other != null) {
                    note(Anomaly.Kind.DUPLICATE_ELEMENT, value + " was appended twice to " + key, other, index);
                }
            }
        }
    }

    private void noteReads(int index) {
        Map<String, List<Long>> own = new HashMap<>();
        Map<String, List<Long>> found = new HashMap<>();
        for (Step step : transactions.get(index).steps()) {
            List<Long> appended = own.computeIfAbsent(step.key(), _ -> new ArrayList<>());
            switch (step) {
                case Step.Append append -> appended.add(append.element());
                case Step.Read(String key, List<Long> elements) -> {
                    int external = elements.size() - appended.size();
                    if (external < 0
                            || !elements.subList(external, elements.size()).equals(appended)) {
                        note(Anomaly.Kind.INTERNAL, "read " + elements + " of " + key + " after " + appended, index);
                        continue;
                    }
                    List<Long> before = elements.subList(0, external);
                    List<Long> earlier = found.putIfAbsent(key, before);
                    if (earlier == null) {
                        reads.add(new ReadOfList(index, key, before));
                    } else if (!earlier.equals(before)) {
                        note(Anomaly.Kind.INTERNAL, "read " + before + " of " + key + " after " + earlier, index);
                    }
                    if (!appended.isEmpty()) {
                        extend(index, key, elements);
                    }
                }
            }
        }
    }

    private void checkRead(ReadOfList read) {
        Set<Long> once = new HashSet<>();
        for (long value : read.elements()) {
            if (!once.add(value)) {
                note(Anomaly.Kind.DUPLICATE_ELEMENT, value + " is twice in " + read.key(), read.reader());
            }
            Integer appender = appenders.get(new Element(read.key(), value));
            if (appender == null) {
                note(Anomaly.Kind.UNWRITTEN_ELEMENT, value + " in " + read.key(), read.reader());
            } else if (transactions.get(appender).end() == End.ABORTED) {
                note(Anomaly.Kind.G1A, value + " in " + read.key(), read.reader(), appender);
            }
        }
        checkMiddle(read);
        extend(read.reader(), read.key(), read.elements());
    }

    private void checkMiddle(ReadOfList read) {
        if (read.elements().isEmpty()) {
            return;
        }
        long last = read.elements().getLast();
        Integer appender = appenders.get(new Element(read.key(), last));
        if (appender == null) {
            return;
        }
        List<Step> steps = transactions.get(appender).steps().reversed();
        for (Step step : steps) {
            if (step instanceof Step.Append(String key, long value) && key.equals(read.key())) {
                if (value != last) {
                    note(Anomaly.Kind.G1B, last + " is the newest of " + key, read.reader(), appender);
                }
                return;
            }
        }
    }

    private void extend(int reader, String key, List<Long> elements) {
        List<Long> known = longest.getOrDefault(key, List.of());
        int common = Math.min(known.size(), elements.size());
        if (!known.subList(0, common).equals(elements.subList(0, common))) {
            note(Anomaly.Kind.INCOMPATIBLE_ORDER, key + " is " + elements + " here and " + known + " there", reader);
        } else if (elements.size() > known.size()) {
            longest.put(key, elements);
            elements.subList(common, elements.size()).forEach(value -> seen.add(new Element(key, value)));
        }
    }
}
