package dev.keelson.e2e.harness;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.util.OptionalLong;

/** A client, connected beforehand to one member, that reads a counter linearizably whenever it is told to. */
public final class Reads implements AutoCloseable {

    private final Process process;
    private final BufferedReader answers;
    private final Writer questions;

    private Reads(Process process) {
        this.process = process;
        this.answers = process.inputReader();
        this.questions = process.outputWriter();
    }

    /** Returns when a first read through the member has succeeded. */
    public static Reads through(Member member, String counter) {
        var builder = new ProcessBuilder(
                        Tools.go("load").toString(), "read", "--endpoints", member.endpoint(), "--key", counter)
                .redirectError(ProcessBuilder.Redirect.INHERIT);
        try {
            var reads = new Reads(builder.start());
            if (reads.line().equals("none")) {
                throw new AssertionError("no read through " + member.name() + " succeeds");
            }
            return reads;
        } catch (IOException failure) {
            throw new IllegalStateException(failure);
        }
    }

    /** Sends off a read without waiting for anything. */
    public void begin() {
        try {
            questions.write("now\n");
            questions.flush();
        } catch (IOException failure) {
            throw new IllegalStateException(failure);
        }
    }

    /** What one of the reads begun before brought; nothing where it was refused or not answered in time. */
    public OptionalLong answer() {
        try {
            String line = line();
            return line.equals("none") ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(line));
        } catch (IOException failure) {
            throw new IllegalStateException(failure);
        }
    }

    private String line() throws IOException {
        String line = answers.readLine();
        if (line == null) {
            throw new AssertionError("the reader ended");
        }
        return line;
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
