package dev.keelson.e2e.harness;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.util.List;
import java.util.stream.Collectors;

/** A client, connected beforehand, that says how long it takes until a write succeeds. */
public final class Probe implements AutoCloseable {

    private final Process process;
    private final BufferedReader answers;
    private final Writer questions;

    private Probe(Process process) {
        this.process = process;
        this.answers = process.inputReader();
        this.questions = process.outputWriter();
    }

    /** Connects to these members; returns when a first write has succeeded. */
    public static Probe of(List<Member> members) {
        String endpoints = members.stream().map(Member::endpoint).collect(Collectors.joining(","));
        var builder = new ProcessBuilder(Tools.go("load").toString(), "probe", "--endpoints", endpoints)
                .redirectError(ProcessBuilder.Redirect.INHERIT);
        try {
            Probe probe = new Probe(builder.start());
            probe.answer();
            return probe;
        } catch (IOException failure) {
            throw new IllegalStateException(failure);
        }
    }

    public long millisUntilAWriteSucceeds() {
        try {
            questions.write("now\n");
            questions.flush();
            return Long.parseLong(answer());
        } catch (IOException failure) {
            throw new IllegalStateException(failure);
        }
    }

    private String answer() throws IOException {
        String line = answers.readLine();
        if (line == null) {
            throw new AssertionError("the probe ended: no write succeeded");
        }
        return line;
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
