package dev.keelson.server.cli;

import java.util.ArrayList;
import java.util.List;

/** Rows in columns under a heading. */
final class Table {

    private final List<List<String>> rows = new ArrayList<>();

    Table(List<String> heading) {
        rows.add(heading);
    }

    void add(List<String> row) {
        rows.add(row);
    }

    /** The lines to print. */
    List<String> lines() {
        var lines = new ArrayList<String>();
        for (List<String> row : rows) {
            var line = new StringBuilder("|");
            for (int column = 0; column < row.size(); column++) {
                line.append(' ').append(pad(row.get(column), width(column))).append(" |");
            }
            lines.add(line.toString());
        }
        var rule = new StringBuilder("+");
        for (int column = 0; column < rows.getFirst().size(); column++) {
            rule.append("-".repeat(width(column) + 2)).append('+');
        }
        lines.add(1, rule.toString());
        lines.addFirst(rule.toString());
        lines.add(rule.toString());
        return lines;
    }

    private int width(int column) {
        return rows.stream().mapToInt(row -> row.get(column).length()).max().orElse(0);
    }

    private static String pad(String text, int width) {
        return text + " ".repeat(width - text.length());
    }
}
