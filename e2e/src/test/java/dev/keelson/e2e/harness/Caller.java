package dev.keelson.e2e.harness;

import java.util.Arrays;

/** Those who call in the matrix of rights, in the order of its columns. */
public enum Caller {
    /** Brings nothing that says who calls. */
    NONE("none"),
    /** Brings a token that nobody was ever given. */
    BAD("bad"),
    /** Brings a token of root's rights that holds no more. */
    OLD("old"),
    /** A user without a role. */
    NOROLE("norole"),
    /** Reads one key. */
    ONE("one"),
    /** Reads a range. */
    RANGE("range"),
    /** Writes a range, and reads nothing. */
    WRITE("write"),
    /** Reads and writes all that begins alike. */
    PREFIX("prefix"),
    ROOT("root"),
    /** A user by the common name of his certificate, with the rights of {@link #PREFIX}. */
    CN("cn"),
    /** The same name in a certificate of another authority. */
    OTHER("other");

    private final String label;

    Caller(String label) {
        this.label = label;
    }

    static Caller of(String label) {
        return Arrays.stream(values())
                .filter(caller -> caller.label.equals(label))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("nobody is called " + label));
    }

    /** The name in the table, and the user's where he is one. */
    String label() {
        return label;
    }

    /** Whether a name and a password give a token. */
    boolean logsIn() {
        return this == OLD || compareTo(NOROLE) >= 0 && compareTo(ROOT) <= 0;
    }

    /** Whether all that says who calls is a certificate. */
    boolean showsCertificate() {
        return this == CN || this == OTHER;
    }
}
