package dev.keelson.server.cli;

import java.io.BufferedReader;
import java.io.Console;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** Passwords that are typed. */
final class Secret {

    private static final BufferedReader INPUT =
            new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));

    private Secret() {}

    /** What is typed at the terminal, unseen; what the standard input says in its next line where there is no terminal. */
    static String ask(String prompt) {
        Console console = System.console();
        if (console == null || !console.isTerminal()) {
            System.out.println(prompt);
            return line();
        }
        char[] typed = console.readPassword("%s", prompt);
        return typed == null ? "" : new String(typed);
    }

    /** A new password for a user, typed twice. */
    static String askTwice(String user) {
        String password = ask("Password of " + user + ": ");
        if (password.isEmpty()) {
            throw wrong("empty password");
        }
        if (!password.equals(ask("Type password of " + user + " again for confirmation: "))) {
            throw wrong("given passwords are different");
        }
        return password;
    }

    /** The first word of the standard input. */
    static String word() {
        return line().strip().split("\\s", 2)[0];
    }

    private static String line() {
        try {
            String line = INPUT.readLine();
            return line == null ? "" : line;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static CommandFailure wrong(String message) {
        return new CommandFailure(message, CommandFailure.BAD_ARGUMENTS);
    }
}
