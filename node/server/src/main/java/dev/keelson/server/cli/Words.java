package dev.keelson.server.cli;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The words behind a command's name. */
final class Words {

    private Words() {}

    /** @throws CommandFailure with {@code complaint} when there are not so many */
    static List<String> of(@Nullable List<String> words, int count, String complaint) {
        List<String> given = words == null ? List.of() : words;
        if (given.size() != count) {
            throw new CommandFailure(complaint, CommandFailure.BAD_ARGUMENTS);
        }
        return given;
    }

    /** The same, where more may follow. */
    static List<String> atLeast(@Nullable List<String> words, int count, String complaint) {
        List<String> given = words == null ? List.of() : words;
        if (given.size() < count) {
            throw new CommandFailure(complaint, CommandFailure.BAD_ARGUMENTS);
        }
        return given;
    }
}
