package dev.keelson.engine.apply;

import dev.keelson.engine.codec.ByteReader;
import dev.keelson.engine.codec.ByteWriter;
import dev.keelson.engine.codec.MalformedBytesException;
import dev.keelson.mvcc.Operation;
import dev.keelson.mvcc.PutRequest;

/**
 * The byte form of a {@link Command} in the log: format, request id, kind, body.
 *
 * <p>The request id stands at a fixed place, so that a member can tell without decoding whether a client of its own waits
 * for the entry.
 */
public final class CommandCodec {

    /** The only format so far; a member that meets another one stops rather than guess. */
    static final int FORMAT = 1;

    private static final int HEADER_BYTES = 1 + Long.BYTES + 1;
    private static final int SMALL_BODY_BYTES = 64;

    private static final int WRITE = 1;
    private static final int COMPACT = 2;
    private static final int PUBLISH = 3;
    private static final int CLUSTER_VERSION = 4;

    private CommandCodec() {}

    /** The payload of the log entry that carries {@code command} for the request {@code requestId}. */
    public static byte[] encode(long requestId, Command command) {
        return switch (command) {
            case Command.Write(Operation operation) -> encodeWrite(requestId, operation);
            case Command.Compact(long revision) ->
                header(requestId, COMPACT, SMALL_BODY_BYTES).number(revision).toBytes();
            case Command.Publish(long memberId, String name, var clientUrls) ->
                header(requestId, PUBLISH, SMALL_BODY_BYTES)
                        .fixed(memberId)
                        .text(name)
                        .texts(clientUrls)
                        .toBytes();
            case Command.SetClusterVersion(String version) ->
                header(requestId, CLUSTER_VERSION, SMALL_BODY_BYTES)
                        .text(version)
                        .toBytes();
        };
    }

    private static byte[] encodeWrite(long requestId, Operation operation) {
        int bodyBytes = operation instanceof PutRequest put
                ? put.key().length + put.value().length + SMALL_BODY_BYTES
                : SMALL_BODY_BYTES;
        ByteWriter out = header(requestId, WRITE, bodyBytes);
        OperationCodec.encode(out, operation);
        return out.toBytes();
    }

    private static ByteWriter header(long requestId, int kind, int bodyBytes) {
        return new ByteWriter(HEADER_BYTES + bodyBytes)
                .octet(FORMAT)
                .fixed(requestId)
                .octet(kind);
    }

    /** The request that a payload answers. */
    public static long requestId(byte[] payload) {
        return open(payload).fixed();
    }

    public static Command decode(byte[] payload) {
        ByteReader in = open(payload);
        in.fixed();
        int kind = in.octet();
        return switch (kind) {
            case WRITE -> new Command.Write(OperationCodec.decode(in));
            case COMPACT -> new Command.Compact(in.number());
            case PUBLISH -> new Command.Publish(in.fixed(), in.text(), in.texts());
            case CLUSTER_VERSION -> new Command.SetClusterVersion(in.text());
            default -> throw new MalformedBytesException("a command of unknown kind " + kind);
        };
    }

    private static ByteReader open(byte[] payload) {
        var in = new ByteReader(payload);
        int format = in.octet();
        if (format != FORMAT) {
            throw new MalformedBytesException("a command of format " + format + ", this version reads " + FORMAT);
        }
        return in;
    }
}
