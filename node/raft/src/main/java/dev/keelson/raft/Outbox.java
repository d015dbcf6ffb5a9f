package dev.keelson.raft;

import dev.keelson.raft.message.Message;
import java.util.ArrayList;
import java.util.List;

/** What the core has to say until the next Ready; taking hands over the lists themselves, nothing is copied. */
final class Outbox {

    private List<Message> messages = new ArrayList<>();
    private List<Message> messagesAfterSync = new ArrayList<>();
    private List<ReadState> readStates = new ArrayList<>();

    /** To be sent at once: it promises nothing that a crash could take back. */
    void send(Message message) {
        messages.add(message);
    }

    /** To be sent when the term, the vote and all entries so far are durable. */
    void sendAfterSync(Message message) {
        messagesAfterSync.add(message);
    }

    void dropAppendResponses() {
        messagesAfterSync.removeIf(message -> message instanceof Message.AppendResponse);
    }

    void confirm(long requestId, long index) {
        readStates.add(new ReadState(requestId, index));
    }

    boolean isEmpty() {
        return messages.isEmpty() && messagesAfterSync.isEmpty() && readStates.isEmpty();
    }

    List<Message> takeMessages() {
        List<Message> taken = messages;
        if (taken.isEmpty()) {
            return List.of();
        }
        messages = new ArrayList<>();
        return taken;
    }

    List<Message> takeMessagesAfterSync() {
        List<Message> taken = messagesAfterSync;
        if (taken.isEmpty()) {
            return List.of();
        }
        messagesAfterSync = new ArrayList<>();
        return taken;
    }

    List<ReadState> takeReadStates() {
        List<ReadState> taken = readStates;
        if (taken.isEmpty()) {
            return List.of();
        }
        readStates = new ArrayList<>();
        return taken;
    }
}
