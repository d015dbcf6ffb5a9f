package dev.keelson.server.peer;

import dev.keelson.api.peer.Refused;

/**
 * Why one side would not speak with the other.
 *
 * @param detail for the log of both sides
 */
public record Refusal(Reason reason, String detail) {

    /** The reasons, in the order of the wire. */
    public enum Reason {
        OTHER_CLUSTER,
        OTHER_MEMBER,
        REMOVED_SENDER,
        REPLACED_SENDER,
        REPLACED_RECEIVER,
        UNKNOWN_PROTOCOL,
        BUSY,
        MALFORMED
    }

    Refused encode() {
        return Refused.newBuilder()
                .setReason(
                        switch (reason) {
                            case OTHER_CLUSTER -> Refused.Reason.OTHER_CLUSTER;
                            case OTHER_MEMBER -> Refused.Reason.OTHER_MEMBER;
                            case REMOVED_SENDER -> Refused.Reason.REMOVED_SENDER;
                            case REPLACED_SENDER -> Refused.Reason.REPLACED_SENDER;
                            case REPLACED_RECEIVER -> Refused.Reason.REPLACED_RECEIVER;
                            case UNKNOWN_PROTOCOL -> Refused.Reason.UNKNOWN_PROTOCOL;
                            case BUSY -> Refused.Reason.BUSY;
                            case MALFORMED -> Refused.Reason.MALFORMED;
                        })
                .setDetail(detail)
                .build();
    }

    static Refusal decode(Refused wire) {
        Reason reason = switch (wire.getReason()) {
            case OTHER_CLUSTER -> Reason.OTHER_CLUSTER;
            case OTHER_MEMBER -> Reason.OTHER_MEMBER;
            case REMOVED_SENDER -> Reason.REMOVED_SENDER;
            case REPLACED_SENDER -> Reason.REPLACED_SENDER;
            case REPLACED_RECEIVER -> Reason.REPLACED_RECEIVER;
            case UNKNOWN_PROTOCOL -> Reason.UNKNOWN_PROTOCOL;
            case BUSY -> Reason.BUSY;
            case MALFORMED, UNSPECIFIED, UNRECOGNIZED -> Reason.MALFORMED;
        };
        return new Refusal(reason, wire.getDetail());
    }

    @Override
    public String toString() {
        return reason + ": " + detail;
    }
}
