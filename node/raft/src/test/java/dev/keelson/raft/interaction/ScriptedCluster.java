package dev.keelson.raft.interaction;

import dev.keelson.raft.RaftConfig;
import dev.keelson.raft.confchange.ConfChange;
import dev.keelson.raft.confchange.ConfState;
import dev.keelson.raft.message.Message;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.LongStream;

/** The members of a script and the network between them, which does nothing unless told to. */
final class ScriptedCluster {

    private static final int ROUNDS_MAX = 1000;

    private final TreeMap<Long, ScriptedMember> members = new TreeMap<>();
    private final List<Message> network = new ArrayList<>();
    private final List<Message> stash = new ArrayList<>();
    private final Trace trace = new Trace();

    String run(String command) {
        String[] words = command.split(" ");
        List<String> args = Arrays.asList(words).subList(1, words.length);
        switch (words[0]) {
            case "add-nodes" -> addNodes(args);
            case "add-empty" -> add(number(args, 0), ConfState.EMPTY, args);
            case "elect" -> elect(number(args, 0));
            case "stabilize" -> stabilize(args.stream().map(Long::valueOf).toList());
            case "deliver-msgs" -> deliver(number(args, 0));
            case "drop" -> network.removeIf(to(number(args, 0)));
            case "duplicate" ->
                List.copyOf(network).stream().filter(to(number(args, 0))).forEach(network::add);
            case "stash" -> stash(number(args, 0));
            case "unstash" -> unstash();
            case "status" ->
                args.stream()
                        .map(Long::valueOf)
                        .forEach(id -> trace.status(member(id).node()));
            default -> memberCommand(words[0], args);
        }
        return trace.take();
    }

    private void memberCommand(String command, List<String> args) {
        switch (command) {
            case "campaign" -> at(args).node().campaign();
            case "tick" -> tick(args);
            case "propose" -> result(at(args).node().propose(List.of(bytes(args.get(1)))));
            case "propose-conf-change" -> result(at(args).node().proposeConfChange(change(args.get(1))));
            case "read" -> at(args).node().readIndex(number(args, 1));
            case "transfer-leader" -> at(args).node().transferLeader(number(args, 1));
            case "unreachable" -> at(args).node().reportUnreachable(number(args, 1));
            case "report-snapshot" ->
                at(args).node().reportSnapshot(number(args, 1), args.get(2).equals("ok"));
            case "send-snapshot" -> sendSnapshot(at(args), number(args, 1));
            case "compact" -> at(args).compact(number(args, 1));
            case "process-ready" -> at(args).process(trace);
            case "hold-disk" -> at(args).diskHeld = true;
            case "release-disk" -> at(args).diskHeld = false;
            case "persist" -> at(args).persist(args.size() > 1 ? (int) number(args, 1) : Integer.MAX_VALUE);
            case "ack" -> at(args).acknowledge(args.size() > 1 ? (int) number(args, 1) : Integer.MAX_VALUE);
            case "restart" -> at(args).restart();
            case "raft-log" -> trace.line(Trace.entries(at(args).log()));
            default -> throw new IllegalArgumentException("no such command: " + command);
        }
    }

    // ---- members

    /** What other scripts show in full. */
    private void elect(long id) {
        member(id).node().campaign();
        stabilize(List.of());
        trace.take();
        trace.line(id + " leads term " + member(id).node().term());
    }

    private void addNodes(List<String> args) {
        long voters = number(args, 0);
        long learners = option(args, "learners", 0);
        var confState = new ConfState(
                LongStream.rangeClosed(1, voters).boxed().toList(),
                List.of(),
                LongStream.rangeClosed(voters + 1, voters + learners).boxed().toList());
        for (long id = 1; id <= voters + learners; id++) {
            add(id, confState, args);
        }
    }

    private void add(long id, ConfState confState, List<String> args) {
        RaftConfig config = RaftConfig.defaults(id)
                .withElectionTicks(3)
                .withInflightMessagesMax((int) option(args, "inflight", 256))
                .withAppendBytesMax(option(args, "append-bytes", 1 << 20))
                .withUncommittedBytesMax(option(args, "uncommitted-bytes", 1 << 20));
        members.put(id, new ScriptedMember(config, confState, network));
    }

    private static long option(List<String> args, String name, long otherwise) {
        return args.stream()
                .filter(arg -> arg.startsWith(name + "="))
                .mapToLong(arg -> Long.parseLong(arg.substring(name.length() + 1)))
                .findFirst()
                .orElse(otherwise);
    }

    private ScriptedMember at(List<String> args) {
        return member(number(args, 0));
    }

    private ScriptedMember member(long id) {
        return Objects.requireNonNull(members.get(id), () -> "no member " + id);
    }

    private static long number(List<String> args, int position) {
        return Long.parseLong(args.get(position));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static ConfChange change(String text) {
        ConfChange.Kind kind = switch (text.charAt(0)) {
            case 'v' -> ConfChange.Kind.ADD_VOTER;
            case 'l' -> ConfChange.Kind.ADD_LEARNER;
            case 'r' -> ConfChange.Kind.REMOVE;
            case 'u' -> ConfChange.Kind.UPDATE;
            default -> throw new IllegalArgumentException("no such change: " + text);
        };
        return new ConfChange(kind, Long.parseLong(text.substring(1)), new byte[0]);
    }

    private void result(Enum<?> result) {
        trace.line(result.name());
    }

    private void tick(List<String> args) {
        long ticks = args.size() > 1 ? number(args, 1) : 1;
        for (long i = 0; i < ticks; i++) {
            at(args).node().tick();
        }
    }

    // ---- the network

    private static Predicate<Message> to(long id) {
        return message -> message.to() == id && !isRequestForSnapshot(message);
    }

    /** It is for the driver beside the leader, which sends the store when the script says so. */
    private static boolean isRequestForSnapshot(Message message) {
        return message instanceof Message.InstallSnapshot install
                && install.metadata().index() == 0;
    }

    private void deliver(long id) {
        List<Message> arriving = network.stream().filter(to(id)).toList();
        network.removeIf(to(id));
        for (Message message : arriving) {
            trace.line("> " + Trace.message(message));
            member(id).node().step(message);
        }
    }

    private void stash(long id) {
        network.stream().filter(to(id)).forEach(stash::add);
        network.removeIf(to(id));
    }

    private void unstash() {
        network.addAll(stash);
        stash.clear();
    }

    private void sendSnapshot(ScriptedMember from, long to) {
        Message request = network.stream()
                .filter(message -> isRequestForSnapshot(message) && message.from() == from.id && message.to() == to)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("nobody asked for a snapshot to " + to));
        network.remove(request);
        network.add(new Message.InstallSnapshot(from.id, to, request.term(), from.store()));
    }

    /** Lets the named members, or all, do what they can and talk to each other until nothing is left to do. */
    private void stabilize(List<Long> named) {
        List<Long> ids = named.isEmpty() ? List.copyOf(members.keySet()) : named;
        for (int round = 0; round < ROUNDS_MAX; round++) {
            boolean idle = true;
            for (long id : ids) {
                while (member(id).isBusy()) {
                    member(id).process(trace);
                    idle = false;
                }
            }
            for (long id : ids) {
                if (network.stream().anyMatch(to(id))) {
                    deliver(id);
                    idle = false;
                }
            }
            if (idle) {
                return;
            }
        }
        throw new IllegalStateException("the members do not come to rest");
    }
}
