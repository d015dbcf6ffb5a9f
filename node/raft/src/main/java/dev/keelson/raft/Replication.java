package dev.keelson.raft;

import dev.keelson.raft.log.Entry;
import dev.keelson.raft.log.LogStorage;
import dev.keelson.raft.log.SnapshotMetadata;
import dev.keelson.raft.message.Message;
import dev.keelson.raft.progress.Progress;
import dev.keelson.raft.progress.ProgressState;
import dev.keelson.raft.progress.ProgressTracker;
import java.util.List;

/**
 * Brings the members' logs to the leader's: pipelined appends, probes after a refusal, a snapshot where the log was cut.
 */
final class Replication {

    private final RaftCore core;
    private final RaftLog log;
    private final ProgressTracker tracker;

    Replication(RaftCore core, ProgressTracker tracker) {
        this.core = core;
        this.log = core.log;
        this.tracker = tracker;
    }

    void toAll() {
        for (int i = 0; i < tracker.size(); i++) {
            to(tracker.id(i), tracker.at(i));
        }
    }

    /** Sends what the member lacks, as far as its window goes; a commit index alone is news, too. */
    void to(long member, Progress progress) {
        if (member == core.id()) {
            return;
        }
        while (!progress.isPaused() && (progress.next() <= log.lastIndex() || progress.lacksCommit(log.committed()))) {
            append(member, progress);
        }
    }

    /** Sends one append, empty when the member lacks nothing or its window is full, or asks for a snapshot. */
    private void append(long member, Progress progress) {
        long prevIndex = progress.next() - 1;
        long prevTerm = log.term(prevIndex);
        List<Entry> entries =
                progress.hasRoom() ? log.entries(progress.next(), core.config.appendBytesMax()) : List.of();
        if (prevTerm == LogStorage.TERM_COMPACTED || entries == null) {
            requestSnapshot(member, progress);
            return;
        }
        long bytes = 0;
        for (int i = 0; i < entries.size(); i++) {
            bytes += entries.get(i).sizeBytes();
        }
        long commit = log.committed();
        core.outbox.send(
                new Message.AppendRequest(core.id(), member, core.term(), prevIndex, prevTerm, entries, commit));
        progress.sent(entries.size(), bytes, commit);
    }

    private void requestSnapshot(long member, Progress progress) {
        if (!progress.isRecentlyActive()) {
            // A copy of the store for somebody who may not be there; a sign of life brings us here again.
            progress.pause();
            return;
        }
        progress.becomeSnapshot();
        core.outbox.send(new Message.InstallSnapshot(core.id(), member, core.term(), SnapshotMetadata.NONE));
    }

    void refused(Progress progress, Message.AppendResponse response) {
        long hint = response.hintTerm() > 0
                ? log.hintIndex(response.hintIndex(), response.hintTerm())
                : response.hintIndex();
        if (progress.rejected(response.index(), hint)) {
            append(response.from(), progress);
        }
    }

    /** The member answered a heartbeat. What it was sent may be lost: one more append makes it say where it is. */
    void alive(long member, Progress progress) {
        progress.heartbeatAnswered();
        boolean behind = progress.match() < log.lastIndex() || progress.state() == ProgressState.PROBE;
        if (behind && !progress.isPaused()) {
            append(member, progress);
        }
    }

    /** Optimistic appends to it are probably lost. */
    void unreachable(long member) {
        Progress progress = tracker.find(member);
        if (progress != null && progress.state() == ProgressState.REPLICATE) {
            progress.becomeProbe();
        }
    }

    void snapshotReported(long member, boolean delivered) {
        Progress progress = tracker.find(member);
        if (progress != null) {
            progress.snapshotFinished(delivered, log.firstIndex());
        }
    }
}
