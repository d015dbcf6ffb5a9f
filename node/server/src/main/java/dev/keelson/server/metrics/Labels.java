package dev.keelson.server.metrics;

/**
 * Names and values of the labels of one sample, as they stand in the text, without the braces.
 *
 * @param text pairs in the order of the names, separated by commas; empty for none
 */
record Labels(String text) implements Comparable<Labels> {

    static final Labels NONE = new Labels("");

    static Labels of(String name, String value) {
        return NONE.and(name, value);
    }

    static Labels of(String first, String value, String second, String secondValue) {
        return of(first, value).and(second, secondValue);
    }

    static Labels of(String first, String value, String second, String secondValue, String... more) {
        Labels labels = of(first, value, second, secondValue);
        for (int at = 0; at < more.length; at += 2) {
            labels = labels.and(more[at], more[at + 1]);
        }
        return labels;
    }

    /** These and one more, whose name comes after theirs. */
    Labels and(String name, String value) {
        return new Labels(text + (text.isEmpty() ? "" : ",") + name + "=\"" + escape(value) + "\"");
    }

    private static String escape(String value) {
        return value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
    }

    @Override
    public int compareTo(Labels other) {
        return text.compareTo(other.text);
    }
}
