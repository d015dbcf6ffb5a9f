package dev.keelson.server.cli;

import com.google.protobuf.ByteString;
import dev.keelson.api.etcd.LeaseGrantResponse;
import dev.keelson.api.etcd.LeaseKeepAliveResponse;
import dev.keelson.api.etcd.LeaseLeasesResponse;
import dev.keelson.api.etcd.LeaseStatus;
import dev.keelson.api.etcd.LeaseTimeToLiveResponse;
import dev.keelson.api.etcd.ResponseHeader;
import java.util.Base64;
import java.util.stream.Collectors;

/**
 * Answers about leases in the forms that etcdctl gives them. Its JSON of most of them is that of structures of its own,
 * with the header's fields beside the others.
 */
final class LeaseForm {

    private LeaseForm() {}

    static String text(LeaseGrantResponse answer) {
        return "lease " + GoNumber.id(answer.getID()) + " granted with TTL(" + answer.getTTL() + "s)";
    }

    static String json(LeaseGrantResponse answer) {
        return json(
                answer.getHeader(),
                "\"ID\":" + answer.getID() + ",\"TTL\":" + answer.getTTL() + ",\"Error\":\"" + answer.getError()
                        + "\"");
    }

    static String text(LeaseKeepAliveResponse answer) {
        return "lease " + GoNumber.id(answer.getID()) + " keepalived with TTL(" + answer.getTTL() + ")";
    }

    static String json(LeaseKeepAliveResponse answer) {
        return json(answer.getHeader(), "\"ID\":" + answer.getID() + ",\"TTL\":" + answer.getTTL());
    }

    /** @param keys whether the keys were asked for */
    static String text(LeaseTimeToLiveResponse answer, boolean keys) {
        String lease = "lease " + GoNumber.id(answer.getID());
        if (answer.getTTL() == -1 && answer.getGrantedTTL() == 0) {
            return lease + " already expired";
        }
        String attached = answer.getKeysList().stream()
                .map(ByteString::toStringUtf8)
                .collect(Collectors.joining(" ", ", attached keys([", "])"));
        return lease + " granted with TTL(" + answer.getGrantedTTL() + "s), remaining(" + answer.getTTL() + "s)"
                + (keys ? attached : "");
    }

    static String json(LeaseTimeToLiveResponse answer) {
        String keys = answer.getKeysList().stream()
                .map(key -> '"' + Base64.getEncoder().encodeToString(key.toByteArray()) + '"')
                .collect(Collectors.joining(",", "[", "]"));
        return json(
                answer.getHeader(),
                "\"id\":" + answer.getID() + ",\"ttl\":" + answer.getTTL() + ",\"granted-ttl\":"
                        + answer.getGrantedTTL() + ",\"keys\":" + (answer.getKeysCount() == 0 ? "null" : keys));
    }

    static String text(LeaseLeasesResponse answer) {
        return answer.getLeasesList().stream()
                .map(lease -> System.lineSeparator() + GoNumber.id(lease.getID()))
                .collect(Collectors.joining("", "found " + answer.getLeasesCount() + " leases", ""));
    }

    static String json(LeaseLeasesResponse answer) {
        return json(
                answer.getHeader(),
                answer.getLeasesList().stream()
                        .map(LeaseStatus::getID)
                        .map(id -> "{\"id\":" + id + "}")
                        .collect(Collectors.joining(",", "\"leases\":[", "]")));
    }

    private static String json(ResponseHeader header, String fields) {
        String fieldsOfHeader = ProtoJson.of(header).replaceFirst("}$", "");
        return fieldsOfHeader + (fieldsOfHeader.equals("{") ? "" : ",") + fields + "}";
    }
}
