package dev.keelson.server;

import dev.keelson.server.config.FlagException;
import dev.keelson.server.config.NodeConfig;
import dev.keelson.server.log.Level;
import dev.keelson.server.log.LibraryHandler;
import dev.keelson.server.log.LineLog;
import dev.keelson.server.log.LineOutput;
import dev.keelson.server.log.LogOutputs;
import dev.keelson.server.member.MemberEvents;
import dev.keelson.server.member.RunningMember;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.QuarkusApplication;
import java.io.IOException;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.logging.Logger;

/** The process of one member, from its flags to its end by a signal or a fatal failure. */
public final class ServerProcess implements QuarkusApplication {

    private static final String CALLER = "server/member";
    private static final int FAILED = 1;

    @Override
    public int run(String... words) {
        NodeConfig config;
        try {
            config = NodeConfig.parse(List.of(words), System.getenv());
        } catch (FlagException wrong) {
            System.err.println("keelson: " + wrong.getMessage());
            return wrong.exitCode();
        }
        List<LineOutput> outputs;
        try {
            outputs = LogOutputs.open(config.log().outputs(), config.log().rotation());
        } catch (IOException failure) {
            System.err.println("keelson: --log-outputs: cannot write to " + failure.getMessage());
            return FAILED;
        }
        var lines = new LineLog(
                outputs,
                Clock.systemUTC(),
                Level.of(config.log().level()),
                config.log().json());
        Logger.getLogger("").addHandler(new LibraryHandler(lines));
        config.warnings().forEach(warning -> lines.write(Level.WARN, CALLER, warning));
        return serve(config, lines);
    }

    private static int serve(NodeConfig config, LineLog lines) {
        RunningMember member;
        try {
            member = RunningMember.start(config.member(), new Events(lines, config));
        } catch (RuntimeException failure) {
            lines.write(Level.FATAL, CALLER, reason(failure));
            return FAILED;
        }
        // In a hook, since the process ends as soon as all hooks have, whatever other threads still do.
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            lines.write(
                    Level.INFO,
                    CALLER,
                    "stopping",
                    "name",
                    config.member().self().name());
            member.close();
            lines.write(
                    Level.INFO,
                    CALLER,
                    "stopped",
                    "name",
                    config.member().self().name());
        }));
        Quarkus.waitForExit();
        return 0;
    }

    private static String reason(Throwable failure) {
        return failure.getMessage() == null ? failure.toString() : failure.getMessage();
    }

    /** Writes what the member says, and ends the process when it cannot go on. */
    private static final class Events implements MemberEvents {
        private final LineLog lines;
        private final NodeConfig config;
        private final AtomicBoolean ended = new AtomicBoolean();

        Events(LineLog lines, NodeConfig config) {
            this.lines = lines;
            this.config = config;
        }

        @Override
        public void info(String message, Object... fields) {
            lines.write(Level.INFO, CALLER, message, fields);
        }

        @Override
        public void warn(String message, Object... fields) {
            lines.write(Level.WARN, CALLER, message, fields);
        }

        @Override
        public void ready() {
            lines.write(
                    Level.INFO,
                    CALLER,
                    "ready to serve client requests",
                    "name",
                    config.member().self().name(),
                    "client-urls",
                    config.member().self().clientUrls());
        }

        @Override
        public void fatal(String reason, Throwable cause) {
            // The first reason is the true one; what follows are its consequences. Halting at once keeps any thread
            // from acknowledging something after this moment.
            if (ended.compareAndSet(false, true)) {
                lines.write(Level.FATAL, CALLER, reason, "error", cause.toString());
                Runtime.getRuntime().halt(FAILED);
            }
        }
    }
}
