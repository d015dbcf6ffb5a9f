package dev.keelson.server.local;

import dev.keelson.api.etcd.StatusResponse;
import java.io.Console;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine;

/**
 * {@code keelson local}: starts the members, shows how they come up, stays until it is told to end, then ends them.
 *
 * <p>Thread rule: runs on the thread that calls it; the shutdown hook only asks it to end and waits.
 */
public final class LocalCommand {

    private static final long LOOK_EVERY_MILLIS = 200;
    private static final int FAILED = 1;
    private static final int OPTIONS_ARE_WRONG = 2;

    private final LocalOptions options;
    private final Screen screen;
    private final String launcher;
    private final CountDownLatch stopRequested = new CountDownLatch(1);
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final List<LocalMember> members = new ArrayList<>();
    private final Map<String, String> shown = new HashMap<>();
    private final Set<String> dead = new HashSet<>();
    private boolean announced;

    private LocalCommand(LocalOptions options, Screen screen, String launcher) {
        this.options = options;
        this.screen = screen;
        this.launcher = launcher;
    }

    /**
     * Runs until Ctrl-C or until no member is left.
     *
     * @param words the options
     * @param launcher the program that starts a member
     * @return the exit code
     */
    public static int run(String[] words, PrintStream out, String launcher) throws InterruptedException {
        var options = new LocalOptions();
        var commandLine = new CommandLine(options);
        try {
            var parsed = commandLine.parseArgs(words);
            if (parsed.isUsageHelpRequested()) {
                commandLine.usage(out);
                return 0;
            }
        } catch (CommandLine.ParameterException wrong) {
            System.err.println("keelson local: " + wrong.getMessage());
            return OPTIONS_ARE_WRONG;
        }
        String contradiction = options.contradiction();
        if (!contradiction.isEmpty()) {
            System.err.println("keelson local: " + contradiction);
            return OPTIONS_ARE_WRONG;
        }
        return new LocalCommand(options, new Screen(out, isTerminal()), launcher).run();
    }

    private static boolean isTerminal() {
        Console console = System.console();
        return console != null && console.isTerminal();
    }

    private int run() throws InterruptedException {
        Optional<String> obstacle = takenPort();
        if (obstacle.isEmpty()) {
            obstacle = DirectoryMark.claim(options);
        }
        if (obstacle.isPresent()) {
            System.err.println("keelson local: " + obstacle.get());
            return FAILED;
        }
        Runtime.getRuntime().addShutdownHook(new Thread(this::stopFromOutside));
        try {
            startAll();
            watch();
        } catch (IOException failure) {
            System.err.println("keelson local: cannot start a member: " + failure.getMessage());
            return FAILED;
        } finally {
            stopAll();
            stopped.countDown();
        }
        return dead.size() == members.size() ? FAILED : 0;
    }

    private Optional<String> takenPort() {
        for (int member = 1; member <= options.members; member++) {
            for (int port : new int[] {options.clientPort(member), options.peerPort(member)}) {
                try (var socket = new ServerSocket()) {
                    socket.setReuseAddress(true);
                    socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
                } catch (IOException inUse) {
                    return Optional.of("port " + port + " of " + LocalOptions.name(member)
                            + " is in use; stop what uses it or choose another --base-port");
                }
            }
        }
        return Optional.empty();
    }

    private void startAll() throws IOException {
        Files.createDirectories(options.dataDirectory);
        screen.line("Starting " + options.members + (options.members == 1 ? " member" : " members") + ", data in "
                + options.dataDirectory);
        for (int member = 1; member <= options.members; member++) {
            members.add(LocalMember.start(options, member, launcher));
        }
    }

    private void watch() throws InterruptedException {
        do {
            for (LocalMember member : members) {
                showChange(member);
            }
            if (!announced
                    && shown.values().stream().filter(state -> !state.isEmpty()).count() == options.members) {
                announced = true;
                screen.lines(welcome());
            }
        } while (dead.size() < members.size() && !stopRequested.await(LOOK_EVERY_MILLIS, TimeUnit.MILLISECONDS));
        if (dead.size() == members.size()) {
            screen.line("No member is left.");
        }
    }

    private void showChange(LocalMember member) throws InterruptedException {
        if (!member.isAlive()) {
            // Ctrl-C reaches the members too; their end is no news then.
            boolean ending = stopRequested.await(LOOK_EVERY_MILLIS, TimeUnit.MILLISECONDS);
            if (!ending && dead.add(member.name())) {
                screen.bad(member.name() + " died " + member.ending() + "; the others go on");
                screen.lines(List.of(
                        "    its last lines are in " + member.log(),
                        "    start it again with: " + member.commandLine()));
            }
            return;
        }
        member.look().ifPresent(status -> {
            String state = state(status);
            if (!state.equals(shown.put(member.name(), state))) {
                screen.good(member.name() + "  " + member.clientUrl() + "  " + state);
            }
        });
    }

    private static String state(StatusResponse status) {
        if (status.getLeader() == 0) {
            return "no leader";
        }
        boolean leads = status.getLeader() == status.getHeader().getMemberId();
        return (leads ? "leader  " : "follower") + "  term " + status.getRaftTerm();
    }

    private List<String> welcome() {
        return List.of(
                "",
                "The cluster is up. Endpoints: " + options.endpoints(),
                "",
                "Try, with etcd's own client:",
                "  export ETCDCTL_ENDPOINTS=" + options.endpoints(),
                "  etcdctl put greeting hello",
                "  etcdctl get greeting",
                "  etcdctl endpoint status -w table",
                "or with Keelson's, which takes the same words:",
                "  " + launcher + " put greeting hello",
                "  " + launcher + " member list",
                "",
                "Ctrl-C stops it; the data stays.");
    }

    private void stopFromOutside() {
        stopRequested.countDown();
        try {
            stopped.await();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void stopAll() throws InterruptedException {
        members.forEach(LocalMember::requestStop);
        for (LocalMember member : members) {
            member.awaitStop();
        }
        screen.line("Stopped; the data is in " + options.dataDirectory + ".");
    }
}
