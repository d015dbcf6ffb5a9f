package dev.keelson.e2e.harness;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * The table of who may do what: what there is, and for each request and each caller the verdict.
 *
 * <p>Its lines begin with the kind they are of; {@code authorization.table} says what they mean.
 */
public final class RightsTable {

    private static final String SEPARATOR = "\\|";

    private final List<Call> given = new ArrayList<>();
    private final List<Call> kept = new ArrayList<>();
    private final Map<String, String> paths = new TreeMap<>();
    private final List<Row> rows = new ArrayList<>();

    private RightsTable() {}

    /** A request in protobuf's text format. */
    record Call(String rpc, String request) {}

    /**
     * One request.
     *
     * @param shape which form of its method it is
     * @param effect what it does to what there is
     * @param known why etcd's verdicts are a known weakness and Keelson's differ; empty where they do not
     */
    public record Row(Call call, String shape, Effect effect, Map<Caller, Verdict> verdicts, String known) {

        public String rpc() {
            return call.rpc();
        }

        Verdict verdict(Caller caller) {
            Verdict verdict = verdicts.get(caller);
            if (verdict == null) {
                throw new IllegalStateException("no verdict for " + caller + " in " + this);
            }
            return verdict;
        }

        @Override
        public String toString() {
            return call.rpc() + " " + shape + " | " + call.request();
        }
    }

    /** What calls do to each other. */
    enum Effect {
        /** It can be made while others are made. */
        CALL,
        /** It has to be made alone. */
        ALONE,
        /** The same, and what there is may be something else after it. */
        CHANGE
    }

    public static RightsTable read(String resource) {
        var table = new RightsTable();
        for (String line : Resource.lines(resource)) {
            String[] fields =
                    Arrays.stream(line.split(SEPARATOR, -1)).map(String::strip).toArray(String[]::new);
            String[] words = fields[0].split(" +", -1);
            switch (words[0]) {
                case "given" -> table.given.add(new Call(words[1], fields[1]));
                case "kept" -> table.kept.add(new Call(words[1], fields[1]));
                case "path" -> table.paths.put(words[1], words[2]);
                case "call", "alone", "change" -> table.rows.add(row(words, fields));
                default -> throw new IllegalArgumentException("what is " + line);
            }
        }
        return table;
    }

    private static Row row(String[] words, String[] fields) {
        String[] letters = fields[2].split(" +", -1);
        var verdicts = new EnumMap<Caller, Verdict>(Caller.class);
        for (Caller caller : Caller.values()) {
            verdicts.put(caller, Verdict.of(letters[caller.ordinal()].charAt(0)));
        }
        if (letters.length != verdicts.size()) {
            throw new IllegalArgumentException("not one verdict for each caller: " + String.join(" | ", fields));
        }
        return new Row(
                new Call(words[1], fields[1]),
                words[2],
                Effect.valueOf(words[0].toUpperCase(Locale.ROOT)),
                verdicts,
                fields.length > 3 ? fields[3] : "");
    }

    List<Call> given() {
        return given;
    }

    List<Call> kept() {
        return kept;
    }

    public List<Row> rows() {
        return rows;
    }

    /** The path of a method in the JSON gateway, empty where it has none. */
    String path(String rpc) {
        return paths.getOrDefault(rpc, "");
    }
}
