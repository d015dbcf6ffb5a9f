package dev.keelson.server.grpc;

import io.grpc.ServerCall;

/** Sends answers through gRPC, message by message: for calls that do not come over a socket of ours. */
final class CallOutlet implements AnswerOutlet {

    /** What gRPC may hold before there is no more room, in bytes. */
    static final int HELD_BYTES_MAX = 1 << 20;

    private final ServerCall<?, byte[]> call;
    private final Runnable room;

    CallOutlet(ServerCall<?, byte[]> call, Runnable room) {
        this.call = call;
        this.room = room;
        call.setOnReadyThreshold(HELD_BYTES_MAX);
    }

    @Override
    public boolean hasRoom() {
        return call.isReady();
    }

    @Override
    public void write(WatchAnswer answer) {
        call.sendMessage(answer.message());
    }

    @Override
    public void ready() {
        room.run();
    }

    @Override
    public void close() {
        // gRPC frees what it holds.
    }
}
