package dev.keelson.server.port;

/** What an address serves; a connection that speaks anything else is closed. */
public enum Traffic {
    GRPC_AND_HTTP(true, true),
    GRPC(true, false),
    HTTP(false, true);

    private final boolean grpc;
    private final boolean http;

    Traffic(boolean grpc, boolean http) {
        this.grpc = grpc;
        this.http = http;
    }

    boolean hasGrpc() {
        return grpc;
    }

    boolean hasHttp() {
        return http;
    }
}
