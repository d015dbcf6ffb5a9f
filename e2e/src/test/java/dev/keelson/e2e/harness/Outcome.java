package dev.keelson.e2e.harness;

/**
 * How one call came out.
 *
 * @param text what the server said, for people
 */
public record Outcome(Verdict verdict, String text) {

    private static final int TEXT_LENGTH_MAX = 160;

    static Outcome of(Verdict verdict, String text) {
        String line = text.replaceAll("\\s+", " ");
        return new Outcome(verdict, line.substring(0, Math.min(TEXT_LENGTH_MAX, line.length())));
    }

    @Override
    public String toString() {
        return verdict.letter() + " (" + text + ")";
    }
}
