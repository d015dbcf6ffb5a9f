package dev.keelson.server.peer;

import dev.keelson.api.peer.Envelope;
import dev.keelson.engine.forward.Forward;
import dev.keelson.raft.message.Message;

/** What waits for a link: a message of the consensus core, or a question to the leader or an answer of it. */
sealed interface Outgoing {

    /** What it costs in the queue, in bytes. */
    long sizeBytes();

    void addTo(Envelope.Builder envelope);

    record OfConsensus(Message message) implements Outgoing {

        @Override
        public long sizeBytes() {
            return MessageCodec.sizeBytes(message);
        }

        @Override
        public void addTo(Envelope.Builder envelope) {
            envelope.addMessages(MessageCodec.encode(message));
        }
    }

    record Forwarded(Forward forward) implements Outgoing {

        @Override
        public long sizeBytes() {
            return ForwardCodec.sizeBytes(forward);
        }

        @Override
        public void addTo(Envelope.Builder envelope) {
            envelope.addForwards(ForwardCodec.encode(forward));
        }
    }
}
