package dev.keelson.server.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Rows under a heading in a frame, as etcdctl draws them: the heading centred, the rows to the right. */
final class Table {

    private final List<String> heading;
    private final List<List<String>> rows = new ArrayList<>();

    Table(List<String> heading) {
        this.heading = heading;
    }

    void add(List<String> row) {
        rows.add(row);
    }

    /** The lines to print. */
    List<String> lines() {
        int[] widths = IntStream.range(0, heading.size()).map(this::width).toArray();
        var lines = new ArrayList<String>();
        lines.add(rule("┌", "┬", "┐", widths));
        lines.add(IntStream.range(0, widths.length)
                .mapToObj(column -> centred(heading.get(column), widths[column]))
                .collect(Collectors.joining(" │ ", "│ ", " │")));
        lines.add(rule("├", "┼", "┤", widths));
        for (List<String> row : rows) {
            lines.add(IntStream.range(0, widths.length)
                    .mapToObj(column -> toTheRight(row.get(column), widths[column]))
                    .collect(Collectors.joining(" │ ", "│ ", " │")));
        }
        lines.add(rule("└", "┴", "┘", widths));
        return lines;
    }

    private int width(int column) {
        int widest = heading.get(column).length();
        for (List<String> row : rows) {
            widest = Math.max(widest, row.get(column).length());
        }
        return widest;
    }

    private static String rule(String left, String middle, String right, int[] widths) {
        return IntStream.of(widths)
                .mapToObj(width -> "─".repeat(width + 2))
                .collect(Collectors.joining(middle, left, right));
    }

    private static String centred(String text, int width) {
        int before = (width - text.length()) / 2;
        return " ".repeat(before) + text + " ".repeat(width - text.length() - before);
    }

    private static String toTheRight(String text, int width) {
        return " ".repeat(width - text.length()) + text;
    }
}
