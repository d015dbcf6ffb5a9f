package dev.keelson.server.local;

import java.io.PrintStream;
import java.util.List;

/** Where the command shows what happens; colours only for people. */
final class Screen {

    private static final String GREEN = "\u001b[32m";
    private static final String RED = "\u001b[31m";
    private static final String PLAIN = "\u001b[0m";

    private final PrintStream out;
    private final boolean colours;

    Screen(PrintStream out, boolean colours) {
        this.out = out;
        this.colours = colours;
    }

    void line(String text) {
        out.println(text);
        out.flush();
    }

    void lines(List<String> texts) {
        texts.forEach(this::line);
    }

    void good(String text) {
        line(coloured(GREEN, "● ") + text);
    }

    void bad(String text) {
        line(coloured(RED, "✗ ") + text);
    }

    private String coloured(String colour, String text) {
        return colours ? colour + text + PLAIN : text;
    }
}
