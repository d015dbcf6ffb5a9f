package dev.keelson.e2e.harness;

import java.util.Arrays;

/** What became of a call as far as its caller's rights go; each has the letter that stands for it in a table. */
public enum Verdict {
    /** The call was carried out, or refused for a reason that only one who may make it is told. */
    ALLOWED('+', ""),
    /** The caller is known and may not. */
    DENIED('-', "permission denied"),
    /** The call does not say who makes it. */
    NAMELESS('n', "user name is empty"),
    /** It brings a token that is none. */
    BAD_TOKEN('b', "invalid auth token"),
    /** An answer of parts ended before it began, and nothing says why. */
    SILENCED('s', "observe closed early"),
    /** The gateway takes nothing from one whose certificate has a name, for it would not go by that. */
    CERTIFIED('c', "CommonName of client"),
    /** There was not even a connection. */
    UNREACHABLE('x', ""),
    /** Nothing of all that: the call did not come to be judged. */
    BROKEN('!', "");

    private final char letter;
    private final String text;

    Verdict(char letter, String text) {
        this.letter = letter;
        this.text = text;
    }

    static Verdict of(char letter) {
        return Arrays.stream(values())
                .filter(verdict -> verdict.letter == letter)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no verdict " + letter));
    }

    /** By the text of a refusal. */
    static Verdict of(String refusal) {
        return Arrays.stream(values())
                .filter(verdict -> !verdict.text.isEmpty() && refusal.contains(verdict.text))
                .findFirst()
                .orElse(ALLOWED);
    }

    char letter() {
        return letter;
    }
}
