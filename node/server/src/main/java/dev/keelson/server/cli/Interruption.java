package dev.keelson.server.cli;

import java.util.concurrent.CompletableFuture;

/**
 * Being told to end, by Ctrl-C or SIGTERM: a command that cares goes on to its own end and gives the exit code; to others it
 * happens as usual.
 *
 * <p>Thread rule: any thread.
 */
final class Interruption {

    private final CompletableFuture<Void> asked = new CompletableFuture<>();
    private final CompletableFuture<Integer> exitCode = new CompletableFuture<>();
    private boolean expected;

    /** Completes when somebody tells the process to end; from the first call on the process waits for its command then. */
    synchronized CompletableFuture<Void> asked() {
        if (!expected) {
            expected = true;
            Runtime.getRuntime().addShutdownHook(new Thread(this::end, "interruption"));
        }
        return asked;
    }

    private void end() {
        asked.complete(null);
        Runtime.getRuntime().halt(exitCode.join());
    }

    /** The command has ended. */
    void ended(int code) {
        System.out.flush();
        exitCode.complete(code);
    }
}
