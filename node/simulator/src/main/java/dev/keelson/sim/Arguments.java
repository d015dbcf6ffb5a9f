package dev.keelson.sim;

/**
 * What the command line of {@code simulate} says.
 *
 * @param seeds how many seeds to run at most
 * @param first the first of them
 * @param minutes how long to run at most, 0 for no limit
 * @param seed the one to replay, negative for none
 * @param jobs how many seeds run at a time
 */
record Arguments(long seeds, long first, long minutes, long seed, int jobs) {

    private static final String USAGE = "takes --seeds N, --first S, --minutes M, --jobs J, or --seed S to replay one";

    boolean replays() {
        return seed >= 0;
    }

    /** @throws IllegalArgumentException naming the word that is wrong */
    static Arguments parse(String[] words) {
        long seeds = -1;
        long first = 0;
        long minutes = 0;
        long seed = -1;
        long jobs = 1;
        for (int i = 0; i < words.length; i += 2) {
            long number = number(words, i);
            switch (words[i]) {
                case "--seeds" -> seeds = number;
                case "--first" -> first = number;
                case "--minutes" -> minutes = number;
                case "--seed" -> seed = number;
                case "--jobs" -> jobs = Math.max(1, number);
                default -> throw new IllegalArgumentException("unknown option " + words[i] + "; it " + USAGE);
            }
        }
        if (seeds < 0 && minutes == 0 && seed < 0) {
            throw new IllegalArgumentException("nothing to do: it " + USAGE);
        }
        return new Arguments(seeds < 0 ? Long.MAX_VALUE - first : seeds, first, minutes, seed, (int) jobs);
    }

    private static long number(String[] words, int at) {
        String value = at + 1 < words.length ? words[at + 1] : "";
        try {
            long number = Long.parseLong(value);
            if (number >= 0) {
                return number;
            }
        } catch (NumberFormatException _) {
            // told below
        }
        throw new IllegalArgumentException(words[at] + " takes a number from 0 on, was \"" + value + "\"; it " + USAGE);
    }
}
