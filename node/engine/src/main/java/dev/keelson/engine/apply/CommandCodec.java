package dev.keelson.engine.apply;

import dev.keelson.engine.auth.AuthChange;
import dev.keelson.engine.auth.AuthChangeCodec;
import dev.keelson.engine.auth.Principal;
import dev.keelson.engine.codec.ByteReader;
import dev.keelson.engine.codec.ByteWriter;
import dev.keelson.engine.codec.MalformedBytesException;
import dev.keelson.engine.maintenance.AlarmType;
import dev.keelson.mvcc.Operation;
import dev.keelson.mvcc.PutRequest;
import java.util.ArrayList;
import java.util.List;

/**
 * The byte form of a {@link Command} in the log: format, request id, kind, in whose name (if in anybody's), body.
 *
 * <p>The request id stands at a fixed place, so that a member can tell without decoding whether a client of its own waits
 * for the entry.
 */
public final class CommandCodec {

    /** The only format so far; a member that meets another one stops rather than guess. */
    static final int FORMAT = 1;

    private static final int HEADER_BYTES = 1 + Long.BYTES + 1;
    private static final int SMALL_BODY_BYTES = 64;
    private static final int LEASE_REST_BYTES = 3 * Long.BYTES;

    private static final int WRITE = 1;
    private static final int COMPACT = 2;
    private static final int PUBLISH = 3;
    private static final int CLUSTER_VERSION = 4;
    private static final int LEASE_GRANT = 5;
    private static final int LEASE_REVOKE = 6;
    private static final int LEASE_EXPIRE = 7;
    private static final int LEASE_CHECKPOINT = 8;
    private static final int CHANGE_AUTH = 9;

    /** Set in the kind of a command in whose front stands in whose name it is; others cost nothing. */
    private static final int NAMED = 0x80;

    private static final int NAME_BYTES = 3 * Long.BYTES;
    private static final int ALARM = 30;
    private static final int SET_DOWNGRADE = 31;

    private CommandCodec() {}

    /** The payload of the log entry that carries {@code command} for the request {@code requestId}. */
    public static byte[] encode(long requestId, Principal caller, Command command) {
        return switch (command) {
            case Command.Write(Operation operation) -> encodeWrite(requestId, caller, operation);
            case Command.Compact(long revision) ->
                header(requestId, COMPACT, caller, SMALL_BODY_BYTES)
                        .number(revision)
                        .toBytes();
            case Command.Publish(long memberId, String name, var clientUrls) ->
                header(requestId, PUBLISH, caller, SMALL_BODY_BYTES)
                        .fixed(memberId)
                        .text(name)
                        .texts(clientUrls)
                        .toBytes();
            case Command.SetClusterVersion(String version) ->
                header(requestId, CLUSTER_VERSION, caller, SMALL_BODY_BYTES)
                        .text(version)
                        .toBytes();
            case Command.LeaseGrant(long id, long ttlSeconds) ->
                header(requestId, LEASE_GRANT, caller, SMALL_BODY_BYTES)
                        .fixed(id)
                        .number(ttlSeconds)
                        .toBytes();
            case Command.LeaseRevoke(long id) ->
                header(requestId, LEASE_REVOKE, caller, SMALL_BODY_BYTES)
                        .fixed(id)
                        .toBytes();
            case Command.LeaseExpire(long id, long grantIndex, long term) ->
                header(requestId, LEASE_EXPIRE, caller, SMALL_BODY_BYTES)
                        .fixed(id)
                        .number(grantIndex)
                        .number(term)
                        .toBytes();
            case Command.LeaseCheckpoint checkpoint -> encodeCheckpoint(requestId, caller, checkpoint);
            case Command.ChangeAuth(AuthChange change) ->
                AuthChangeCodec.encode(header(requestId, CHANGE_AUTH, caller, SMALL_BODY_BYTES), change)
                        .toBytes();
            case Command.Alarm(Command.Alarm.Action action, AlarmType type, long memberId) ->
                header(requestId, ALARM, caller, SMALL_BODY_BYTES)
                        .octet(action.ordinal())
                        .octet(type.ordinal())
                        .fixed(memberId)
                        .toBytes();
            case Command.SetDowngrade(String target) ->
                header(requestId, SET_DOWNGRADE, caller, SMALL_BODY_BYTES)
                        .text(target)
                        .toBytes();
        };
    }

    private static byte[] encodeCheckpoint(long requestId, Principal caller, Command.LeaseCheckpoint checkpoint) {
        int bodyBytes = SMALL_BODY_BYTES + checkpoint.rests().size() * LEASE_REST_BYTES;
        ByteWriter out = header(requestId, LEASE_CHECKPOINT, caller, bodyBytes)
                .number(checkpoint.term())
                .number(checkpoint.rests().size());
        for (Command.LeaseRest rest : checkpoint.rests()) {
            out.fixed(rest.id()).number(rest.grantIndex()).number(rest.seconds());
        }
        return out.toBytes();
    }

    private static byte[] encodeWrite(long requestId, Principal caller, Operation operation) {
        int bodyBytes = operation instanceof PutRequest put
                ? put.key().length + put.value().length + SMALL_BODY_BYTES
                : SMALL_BODY_BYTES;
        ByteWriter out = header(requestId, WRITE, caller, bodyBytes);
        OperationCodec.encode(out, operation);
        return out.toBytes();
    }

    private static ByteWriter header(long requestId, int kind, Principal caller, int bodyBytes) {
        boolean named = !caller.isNobody();
        int nameBytes = named ? NAME_BYTES + caller.user().length() : 0;
        ByteWriter out = new ByteWriter(HEADER_BYTES + nameBytes + bodyBytes)
                .octet(FORMAT)
                .fixed(requestId)
                .octet(named ? kind | NAMED : kind);
        if (named) {
            out.number(caller.revision()).text(caller.user());
        }
        return out;
    }

    /** The request that a payload answers. */
    public static long requestId(byte[] payload) {
        return open(payload).fixed();
    }

    /** In whose name the command is; costs nothing where it is in nobody's. */
    public static Principal caller(byte[] payload) {
        if (payload.length >= HEADER_BYTES && (payload[HEADER_BYTES - 1] & NAMED) == 0) {
            return Principal.NOBODY;
        }
        ByteReader in = open(payload);
        in.fixed();
        in.octet();
        long revision = in.number();
        return new Principal(in.text(), revision);
    }

    public static Command decode(byte[] payload) {
        ByteReader in = open(payload);
        in.fixed();
        int kind = in.octet();
        if ((kind & NAMED) != 0) {
            in.number();
            in.string();
        }
        return switch (kind & ~NAMED) {
            case WRITE -> new Command.Write(OperationCodec.decode(in));
            case COMPACT -> new Command.Compact(in.number());
            case PUBLISH -> new Command.Publish(in.fixed(), in.text(), in.texts());
            case CLUSTER_VERSION -> new Command.SetClusterVersion(in.text());
            case LEASE_GRANT -> new Command.LeaseGrant(in.fixed(), in.number());
            case LEASE_REVOKE -> new Command.LeaseRevoke(in.fixed());
            case LEASE_EXPIRE -> new Command.LeaseExpire(in.fixed(), in.number(), in.number());
            case LEASE_CHECKPOINT -> new Command.LeaseCheckpoint(in.number(), leaseRests(in));
            case CHANGE_AUTH -> new Command.ChangeAuth(AuthChangeCodec.decode(in));
            case ALARM ->
                new Command.Alarm(
                        in.constant(Command.Alarm.Action.values()), in.constant(AlarmType.values()), in.fixed());
            case SET_DOWNGRADE -> new Command.SetDowngrade(in.text());
            default -> throw new MalformedBytesException("a command of unknown kind " + kind);
        };
    }

    private static List<Command.LeaseRest> leaseRests(ByteReader in) {
        int count = in.count();
        var rests = new ArrayList<Command.LeaseRest>(count);
        for (int i = 0; i < count; i++) {
            rests.add(new Command.LeaseRest(in.fixed(), in.number(), in.number()));
        }
        return rests;
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
