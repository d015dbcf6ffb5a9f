package dev.keelson.raft.interaction;

import dev.keelson.raft.RaftNode;
import dev.keelson.raft.RaftStatus;
import dev.keelson.raft.Ready;
import dev.keelson.raft.confchange.ConfChange;
import dev.keelson.raft.confchange.ConfState;
import dev.keelson.raft.log.Entry;
import dev.keelson.raft.log.EntryType;
import dev.keelson.raft.log.HardState;
import dev.keelson.raft.log.SnapshotMetadata;
import dev.keelson.raft.message.Message;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;

/** What happens, as lines that read as prose. */
final class Trace {

    private final StringBuilder text = new StringBuilder();

    String take() {
        String taken = text.toString();
        text.setLength(0);
        return taken;
    }

    void line(String line) {
        text.append(line).append('\n');
    }

    void ready(long id, Ready ready) {
        line("> " + id + " ready" + (ready.mustSync() ? ", must sync" : ""));
        var soft = ready.softState();
        if (soft != null) {
            line("  " + soft.role() + " leader:" + soft.leader());
        }
        HardState hard = ready.hardState();
        if (hard != null) {
            line("  term:" + hard.term() + " vote:" + hard.vote() + " commit:" + hard.commit());
        }
        entries("entries", ready.entries());
        SnapshotMetadata snapshot = ready.snapshot();
        if (snapshot != null) {
            line("  snapshot " + snapshot(snapshot));
        }
        entries("committed", ready.committedEntries());
        ready.readStates().forEach(state -> line("  read " + state.requestId() + " at " + state.index()));
        ready.messages().forEach(message -> line("  send " + message(message)));
        ready.messagesAfterSync().forEach(message -> line("  send after sync " + message(message)));
    }

    private void entries(String name, List<Entry> entries) {
        if (!entries.isEmpty()) {
            line("  " + name + " " + entries(entries));
        }
    }

    static String entries(List<Entry> entries) {
        return entries.stream().map(Trace::entry).collect(Collectors.joining(", ", "[", "]"));
    }

    private static String entry(Entry entry) {
        String at = entry.term() + "/" + entry.index();
        if (entry.type() == EntryType.CONF_CHANGE) {
            ConfChange change = ConfChange.decode(entry.payload());
            return at + " " + change.kind() + " " + change.id();
        }
        return at + " \"" + new String(entry.payload(), StandardCharsets.UTF_8) + "\"";
    }

    static String snapshot(SnapshotMetadata metadata) {
        return metadata.term() + "/" + metadata.index() + " " + conf(metadata.confState());
    }

    static String conf(ConfState state) {
        return "voters:" + state.voters() + (state.learners().isEmpty() ? "" : " learners:" + state.learners());
    }

    static String message(Message message) {
        String head = message.from() + "->" + message.to() + " "
                + message.getClass().getSimpleName() + " term:" + message.term();
        return head
                + switch (message) {
                    case Message.PreVoteRequest m -> " last:" + m.lastTerm() + "/" + m.lastIndex();
                    case Message.VoteRequest m ->
                        " last:" + m.lastTerm() + "/" + m.lastIndex() + (m.transfer() ? " transfer" : "");
                    case Message.PreVoteResponse m -> m.granted() ? " granted" : " refused";
                    case Message.VoteResponse m -> m.granted() ? " granted" : " refused";
                    case Message.AppendRequest m ->
                        " prev:" + m.prevTerm() + "/" + m.prevIndex() + " commit:" + m.commit()
                                + (m.entries().isEmpty() ? "" : " " + entries(m.entries()));
                    case Message.AppendResponse m ->
                        m.rejected()
                                ? " rejected:" + m.index() + " hint:" + m.hintTerm() + "/" + m.hintIndex()
                                : " index:" + m.index();
                    case Message.Heartbeat m -> " commit:" + m.commit() + " nonce:" + m.readNonce();
                    case Message.HeartbeatResponse m -> " nonce:" + m.readNonce();
                    case Message.InstallSnapshot m -> " " + snapshot(m.metadata());
                    case Message.TimeoutNow _ -> "";
                    case Message.Propose m -> " " + entries(m.entries());
                    case Message.ReadIndexRequest m -> " read:" + m.requestId();
                    case Message.ReadIndexResponse m -> " read:" + m.requestId() + " at:" + m.index();
                    case Message.TransferLeader m -> " target:" + m.target();
                };
    }

    void status(RaftNode node) {
        RaftStatus status = node.status();
        line(status.id() + " " + status.role() + " leader:" + status.leader() + " term:" + status.term() + " vote:"
                + status.vote() + " commit:" + status.commit() + " applied:" + status.applied() + " last:"
                + status.lastIndex() + " " + conf(status.confState())
                + (status.leadTransferee() == 0 ? "" : " transferee:" + status.leadTransferee()));
        node.peers()
                .forEach(peer -> line("  " + peer.id() + " " + peer.state() + " match:" + peer.match() + " next:"
                        + peer.next() + (peer.learner() ? " learner" : "")
                        + (peer.recentlyActive() ? "" : " silent")));
    }
}
